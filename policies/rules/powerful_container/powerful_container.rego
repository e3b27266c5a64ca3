# METADATA
# title: Way into a container with powers over the host
# description: >-
#   An operator may run a container that has what the rules deny to others: host paths, capabilities, a namespace of the
#   host. Whoever runs commands in it, types into it or copies files out of it has these powers as well.
# related_resources:
#   - description: docker exec
#     ref: https://docs.docker.com/reference/cli/docker/container/exec/
# schemas:
#   - input: schema.input
# custom:
#   severity: high
#   operations: [ContainerExec, ContainerAttach, ContainerAttachWebsocket, ContainerArchive]
#   profile: baseline
#   remediation: use a container without these powers
package rules.powerful_container

import rego.v2

import data.lib.capabilities
import data.lib.host_paths
import data.rules.cap_add.params as cap_add
import data.rules.host_binds.params as host_binds

deny contains {"field": "path", "msg": msg} if {
	some path in target.host_paths
	not host_paths.below_any(path, host_binds.allowed)
	msg := $"the container {input.object} has {path} of the host mounted"
}

deny contains {"field": "path", "msg": msg} if {
	some capability in target.capabilities
	not capability in cap_add.allowed
	not capability in capabilities.engine_default
	msg := $"the container {input.object} has the added capability {capability}"
}

deny contains {"field": "path", "msg": msg} if {
	some namespace in target.host_namespaces
	msg := $"the container {input.object} shares the host's {namespace} namespace"
}

deny contains {"field": "path", "msg": $"the container {input.object} is privileged"} if target.privileged

target := input.facts.containers[input.object]

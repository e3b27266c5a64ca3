# METADATA
# title: Way into a container with powers over the host
# description: >-
#   An operator may run a container that has what the rules deny to others: host paths, mounted or as a volume, devices,
#   capabilities, a namespace of the host. What the params of `host_binds`, `devices` and `cap_add` allow is no power. Whoever runs commands in it, types into it or copies files into or out of it has these powers as well; and
#   whoever may rename it can have another container looked at and this one entered.
# related_resources:
#   - description: docker exec
#     ref: https://docs.docker.com/reference/cli/docker/container/exec/
# schemas:
#   - input: schema.input
# custom:
#   severity: high
#   operations: [ContainerExec, ContainerAttach, ContainerAttachWebsocket, ContainerArchive, PutContainerArchive, ContainerRename]
#   profile: baseline
#   remediation: use a container without these powers
package rules.powerful_container

import rego.v2

import data.lib.powers

deny contains {"field": "path", "msg": $"the container {input.object} {power}"} if some power in powers.of(target)

target := input.facts.containers[input.object]

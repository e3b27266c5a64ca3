# METADATA
# title: Cgroups made writable
# description: >-
#   A container that may write to its cgroups can change its own limits, and with them what it takes from the host and
#   from other containers.
# related_resources:
#   - description: docker run, --security-opt writable-cgroups
#     ref: https://docs.docker.com/reference/cli/docker/container/run/#security-opt
# schemas:
#   - input: schema.input
# custom:
#   severity: high
#   operations: [ContainerCreate, ContainerStart]
#   profile: baseline
#   remediation: leave --security-opt writable-cgroups out
package rules.writable_cgroups

import rego.v2

deny contains {"field": flag.field, "msg": "the container could change its own cgroups"} if {
	flag := input.container.security.writable_cgroups
	flag.value
}

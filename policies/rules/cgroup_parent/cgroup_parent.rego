# METADATA
# title: Cgroup of the container chosen
# description: >-
#   The cgroup above a container's own holds the limits for all containers together. In another place, the container
#   leaves these limits, or comes under those of the host's services.
# related_resources:
#   - description: docker run, custom parent cgroups
#     ref: https://docs.docker.com/reference/cli/docker/container/run/#cgroup-parent
# schemas:
#   - input: schema.input
# custom:
#   severity: medium
#   operations: [ContainerCreate, ContainerStart]
#   profile: baseline
#   cis: ["5.25"]
#   remediation: leave --cgroup-parent out
package rules.cgroup_parent

import rego.v2

deny contains {"field": parent.field, "msg": msg} if {
	parent := input.container.cgroup_parent
	parent.value != ""
	msg := $"the container would leave the engine's cgroup ({parent.field} is {parent.value})"
}

# METADATA
# title: Capabilities not dropped
# description: >-
#   Docker gives a container fourteen capabilities that few programs need. One that drops all of them has those that it
#   asks for, and no others.
# related_resources:
#   - description: docker run, capabilities
#     ref: https://docs.docker.com/reference/cli/docker/container/run/#cap-add
# schemas:
#   - input: schema.input
# custom:
#   severity: medium
#   operations: [ContainerCreate, ContainerStart, ServiceCreate, ServiceUpdate]
#   profile: restricted
#   cis: ["5.4"]
#   pss: ["restricted: Capabilities"]
#   remediation: use --cap-drop ALL, and --cap-add with what the container needs
package rules.cap_drop_all

import rego.v2

deny contains {"field": field, "msg": msg} if {
	drops := input.container.capabilities.drop
	not "ALL" in {drop.value | some drop in drops}
	msg := $"the container would keep capabilities that it did not ask for ({field} lacks ALL)"
}

default field := "HostConfig.CapDrop"

field := "TaskTemplate.ContainerSpec.CapabilityDrop" if startswith(input.operation, "Service")

# METADATA
# title: No CPU limit
# description: >-
#   A container without a CPU limit can take all of the host's processors from the others. An update that lifts the limit
#   counts as well.
# related_resources:
#   - description: Docker, CPU limits
#     ref: https://docs.docker.com/engine/containers/resource_constraints/#cpu
# schemas:
#   - input: schema.input
# custom:
#   severity: low
#   operations: [ContainerCreate, ContainerStart, ContainerUpdate, ServiceCreate, ServiceUpdate]
#   profile: restricted
#   cis: ["5.12"]
#   remediation: use --cpus, e.g. --cpus 1
package rules.cpu_limit

import rego.v2

deny contains {"field": $"{resources.field}{name}", "msg": "the container could use all of the host's processors"} if {
	resources := input.container.resources
	unlimited(resources)
}

unlimited(resources) if {
	input.operation != "ContainerUpdate"
	not resources.nano_cpus > 0
	not resources.cpu_quota > 0
}

# A negative quota lifts every limit, that of --cpus too.
unlimited(resources) if {
	is_number(resources.cpu_quota)
	resources.cpu_quota < 0
}

default name := "NanoCpus"

name := "NanoCPUs" if startswith(input.operation, "Service")

name := "CpuQuota" if is_number(input.container.resources.cpu_quota)

# METADATA
# title: No memory limit
# description: >-
#   A container without a memory limit can take all of the host's memory, until the kernel kills what it chooses.
# related_resources:
#   - description: Docker, memory limits
#     ref: https://docs.docker.com/engine/containers/resource_constraints/#limit-a-containers-access-to-memory
# schemas:
#   - input: schema.input
# custom:
#   severity: low
#   operations: [ContainerCreate, ContainerStart, ServiceCreate, ServiceUpdate]
#   profile: restricted
#   cis: ["5.11"]
#   remediation: use --memory, e.g. --memory 256m
package rules.memory_limit

import rego.v2

deny contains {"field": $"{resources.field}{name}", "msg": "the container could use all of the host's memory"} if {
	resources := input.container.resources
	not resources.memory > 0
}

default name := "Memory"

name := "MemoryBytes" if startswith(input.operation, "Service")

# METADATA
# title: No limit on processes
# description: >-
#   A container without a limit on its processes can start so many that nothing else on the host can start one. An update
#   that lifts the limit counts as well.
# related_resources:
#   - description: docker run, --pids-limit
#     ref: https://docs.docker.com/reference/cli/docker/container/run/#options
# schemas:
#   - input: schema.input
# custom:
#   severity: low
#   operations: [ContainerCreate, ContainerStart, ContainerUpdate, ServiceCreate, ServiceUpdate]
#   profile: restricted
#   cis: ["5.29"]
#   remediation: use --pids-limit, e.g. --pids-limit 100
package rules.pids_limit

import rego.v2

deny contains {"field": $"{resources.field}{name}", "msg": "the container could start any number of processes"} if {
	resources := input.container.resources
	not limited(resources.pids_limit)
}

limited(limit) if limit > 0

# An update that does not state a limit leaves it as it is.
limited(limit) if {
	input.operation == "ContainerUpdate"
	is_null(limit)
}

default name := "PidsLimit"

name := "Pids" if startswith(input.operation, "Service")

# METADATA
# title: Limit on processes lifted
# description: >-
#   Without a limit on processes one container can use up the process IDs of the host, and nothing starts any more.
#   A request must not ask for no limit in so many words, nor take one back that was set.
# related_resources:
#   - description: docker update, --pids-limit
#     ref: https://docs.docker.com/reference/cli/docker/container/update/
# schemas:
#   - input: schema.input
# custom:
#   severity: medium
#   operations: [ContainerCreate, ContainerStart, ContainerUpdate, ServiceCreate, ServiceUpdate]
#   profile: baseline
#   cis: ["5.29"]
#   remediation: use a limit, e.g. --pids-limit 200
package rules.limits_lifted

import rego.v2

deny contains {"field": field, "msg": msg} if {
	limit := input.container.resources.pids_limit
	is_number(limit)
	limit < lowest
	msg := $"the container could start any number of processes ({field} is {limit})"
}

# In a new container 0 says nothing, and clients send it; in an update it lifts the limit.
default lowest := 0

lowest := 1 if input.operation == "ContainerUpdate"

default field := "HostConfig.PidsLimit"

field := {
	"ContainerUpdate": "PidsLimit",
	"ServiceCreate": "TaskTemplate.Resources.Limits.Pids",
	"ServiceUpdate": "TaskTemplate.Resources.Limits.Pids",
}[input.operation]

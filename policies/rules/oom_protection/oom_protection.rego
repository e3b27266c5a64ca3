# METADATA
# title: Container spared when memory runs out
# description: >-
#   When the host has no memory left, the kernel ends the process that is worth least. A container that is worth more
#   than others, or must not be ended at all, makes it take the host's own services.
# related_resources:
#   - description: Docker, resource constraints, understand the risks of running out of memory
#     ref: https://docs.docker.com/engine/containers/resource_constraints/#understand-the-risks-of-running-out-of-memory
# schemas:
#   - input: schema.input
# custom:
#   severity: medium
#   operations: [ContainerCreate, ContainerStart, ContainerUpdate, ServiceCreate, ServiceUpdate]
#   profile: baseline
#   cis: ["5.11"]
#   remediation: leave --oom-score-adj and --oom-kill-disable out, and limit the container's memory with --memory
package rules.oom_protection

import rego.v2

deny contains {"field": score_field, "msg": msg} if {
	score := input.container.resources.oom_score_adj
	score < 0
	msg := $"other processes of the host would be ended before the container ({score_field} is {score})"
}

deny contains {"field": flag.field, "msg": msg} if {
	flag := input.container.resources.oom_kill_disable
	flag.value
	msg := $"the container would not be ended when memory runs out ({flag.field} is true)"
}

default score_field := "HostConfig.OomScoreAdj"

score_field := "TaskTemplate.ContainerSpec.OomScoreAdj" if input.operation in {"ServiceCreate", "ServiceUpdate"}

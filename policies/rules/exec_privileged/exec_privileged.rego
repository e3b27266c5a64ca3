# METADATA
# title: Privileged command in a container
# description: >-
#   A command started with docker exec --privileged has every capability, however little power its container was given.
# related_resources:
#   - description: docker exec
#     ref: https://docs.docker.com/reference/cli/docker/container/exec/
# schemas:
#   - input: schema.input
# custom:
#   severity: critical
#   operations: [ContainerExec]
#   profile: baseline
#   cis: ["5.23"]
#   pss: ["baseline: Privileged Containers"]
#   remediation: drop --privileged
package rules.exec_privileged

import rego.v2

deny contains {"field": privileged.field, "msg": msg} if {
	privileged := input.exec.privileged
	privileged.value
	msg := $"the command would have every capability ({privileged.field} is true)"
}

# METADATA
# title: Container restarted too often
# description: >-
#   A container that is always restarted comes back after each crash, each stop of the engine and each reboot: what breaks
#   in stays, and a fault hides itself. A few tries after a failure are enough.
# related_resources:
#   - description: Docker, restart policies
#     ref: https://docs.docker.com/engine/containers/start-containers-automatically/
# schemas:
#   - input: schema.input
#   - data.rules.restart_policy.params:
#       type: object
#       additionalProperties: false
#       properties:
#         max_retries: {type: integer, minimum: 1, description: how often a container may be restarted after a failure}
# custom:
#   severity: low
#   operations: [ContainerCreate, ContainerStart, ContainerUpdate]
#   profile: restricted
#   cis: ["5.15"]
#   remediation: use --restart on-failure:5
package rules.restart_policy

import rego.v2

import data.rules.restart_policy.params

deny contains {"field": restart.field, "msg": msg, "fix": fix} if {
	not allowed
	msg := $"the container would be restarted too often ({restart.field} is {policy})"
	fix := $"use --restart on-failure:{params.max_retries}"
}

allowed if restart.name in {"", "no"}

allowed if {
	restart.name == "on-failure"
	restart.max_retries > 0
	restart.max_retries <= params.max_retries
}

policy := $"on-failure:{restart.max_retries}" if restart.name == "on-failure"

else := restart.name

restart := input.container.restart

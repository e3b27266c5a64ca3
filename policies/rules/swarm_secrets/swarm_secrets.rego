# METADATA
# title: Keys of the swarm read
# description: >-
#   A swarm's description holds the tokens with which any machine joins it as a manager, and its unlock key opens what
#   the managers keep encrypted.
# related_resources:
#   - description: Docker, join tokens of a swarm
#     ref: https://docs.docker.com/reference/cli/docker/swarm/join-token/
# schemas:
#   - input: schema.input
# custom:
#   severity: high
#   operations: [SwarmInspect, SwarmUnlockkey]
#   profile: baseline
#   cis: ["7.5", "7.6"]
#   remediation: use docker info to see whether this host is in a swarm, or ask the operator for a token
package rules.swarm_secrets

import rego.v2

deny contains {"field": "path", "msg": msg} if {
	input.operation != "SwarmUnlockkey"
	msg := "the answer would hold the tokens to join the swarm as a manager"
}

deny contains {"field": "path", "msg": msg} if {
	input.operation == "SwarmUnlockkey"
	msg := "the answer would be the key that unlocks the swarm's managers"
}

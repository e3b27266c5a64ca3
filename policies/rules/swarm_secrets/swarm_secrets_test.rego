package rules.swarm_secrets_test

import rego.v2

import data.rules.swarm_secrets

test_deny_the_tokens if {
	swarm_secrets.deny == {{
		"field": "path",
		"msg": "the answer would hold the tokens to join the swarm as a manager",
	}} with input as {"operation": "SwarmInspect"}
}

test_deny_the_unlock_key if {
	swarm_secrets.deny == {{
		"field": "path",
		"msg": "the answer would be the key that unlocks the swarm's managers",
	}} with input as {"operation": "SwarmUnlockkey"}
}

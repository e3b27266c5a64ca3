package rules.swarm_membership_test

import rego.v2

import data.rules.swarm_membership

test_deny_every_change_of_membership if {
	every operation, verb in {
		"SwarmInit": "become the manager of a new swarm",
		"SwarmJoin": "join a swarm, whose managers then rule it",
		"SwarmLeave": "leave its swarm",
		"SwarmUpdate": "change the settings of its swarm",
		"SwarmUnlock": "take up its place in a swarm again",
	} {
		swarm_membership.deny == {{
			"field": "path",
			"msg": $"the host would {verb}",
		}} with input as {"operation": operation, "swarm": null}
	}
}

test_deny_an_operation_without_a_verb if {
	count(swarm_membership.deny) == 1 with input as {"operation": "SwarmPromote"}
}

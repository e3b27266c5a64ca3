package rules.node_role_test

import rego.v2

import data.rules.node_role

test_deny_a_manager_in_any_case if {
	every role in ["manager", "Manager", "MANAGER"] {
		node_role.deny == {{
			"field": "Role",
			"msg": $"the node n1 would be a manager of the swarm (Role is {role})",
		}} with input as updating(role)
	}
}

test_allow_a_worker if {
	every role in ["worker", ""] {
		node_role.deny == set() with input as updating(role)
	}
	node_role.deny == set() with input as {"operation": "NodeUpdate", "object": "n1", "node": null}
}

updating(role) := {
	"operation": "NodeUpdate",
	"object": "n1",
	"node": {"role": {"value": role, "field": "Role"}, "availability": {"value": "drain", "field": "Availability"}},
}

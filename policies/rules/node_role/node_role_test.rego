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

test_allow_a_manager_to_stay_one if {
	node_role.deny == set() with input as object.union(updating("manager"), {"facts": {"nodes": {"n1": {"role": "manager"}}}})
}

test_deny_a_node_that_is_not_known_to_be_a_manager if {
	every name, role in {"n1": "worker", "n1 ": "", "n2": "manager"} {
		count(node_role.deny) == 1 with input as object.union(updating("manager"), {"facts": {"nodes": {name: {"role": role}}}})
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

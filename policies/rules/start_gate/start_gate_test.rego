package rules.start_gate_test

import rego.v2

import data.rules.start_gate

test_deny_what_is_not_known if {
	start_gate.deny == {{
		"field": "path",
		"msg": "what the container web may do could not be looked up: no answer",
	}} with input as starting("web", "unknown")
}

test_allow_what_is_known if {
	start_gate.deny == set() with input as starting("web", "found")
	start_gate.deny == set() with input as starting("web", "missing")
}

test_another_container_does_not_count if {
	start_gate.deny == set() with input as starting("db", "unknown")
}

test_allow_when_nothing_is_looked_up if {
	start_gate.deny == set() with input as {"operation": "ContainerStart", "object": "web"}
}

starting(name, state) := {"operation": "ContainerStart", "object": "web", "facts": {"containers": {name: {"state": state, "reason": "no answer"}}}}

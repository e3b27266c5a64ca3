package rules.failed_lookup_test

import rego.v2

import data.rules.failed_lookup

test_deny_each_kind if {
	every kind, noun in {"images": "image", "containers": "container", "volumes": "volume", "networks": "network", "paths": "host path"} {
		failed_lookup.deny == {{"field": "", "msg": $"the {noun} db could not be looked up: no answer"}} with input as found({kind: {"db": {"state": "unknown", "reason": "no answer"}}})
	}
}

test_a_container_to_be_started_is_another_rules_business if {
	failed_lookup.deny == set() with input as about(true, "web")
	count(failed_lookup.deny) == 1 with input as about(true, "db")
	count(failed_lookup.deny) == 1 with input as about(false, "web")
}

about(starting, name) := object.union(
	found({"containers": {name: {"state": "unknown", "reason": "no answer"}}}),
	{"starting": starting, "object": "web"},
)

test_allow_what_is_known if {
	every state in ["found", "missing"] {
		failed_lookup.deny == set() with input as found({"images": {"db": {"state": state}}, "volumes": {"db": {"state": state}}})
	}
	failed_lookup.deny == set() with input as {"operation": "ContainerCreate"}
}

found(facts) := {"operation": "ContainerCreate", "facts": facts}

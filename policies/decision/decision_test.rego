package decision_test

import rego.v2

import data.decision

test_finding_of_a_rule_that_claims_the_operation if {
	finding("deny") in decision.findings with input as request
		with data.settings as {"claims": {"ContainerCreate": ["example"]}, "enforcement": {"example": "deny"}}
		with data.rules.example as example
}

test_finding_of_a_rule_that_claims_every_operation if {
	decision.findings == {finding("deny")} with input as {"operation": ""}
		with data.settings as {"claims": {"*": ["example"]}, "enforcement": {"example": "deny"}}
		with data.rules.example as example
}

test_no_finding_of_a_rule_that_claims_another_operation if {
	decision.findings == set() with input as {"operation": "ContainerStart"}
		with data.settings as {"claims": {"*": ["other"], "ContainerCreate": ["example"]}, "enforcement": {}}
		with data.rules as {"example": example, "other": {"deny": set()}}
}

test_dry_run_says_so if {
	decision.findings == {finding("dryrun")} with input as request
		with data.settings as {"claims": {"*": ["example"]}, "enforcement": {"example": "dryrun"}}
		with data.rules.example as example
}

test_a_rule_that_is_off_finds_nothing if {
	decision.findings == set() with input as request
		with data.settings as {"claims": {"*": ["example"]}, "enforcement": {"example": "off"}}
		with data.rules.example as example
}

test_deny_when_enforcement_is_misspelt_or_missing if {
	every enforcement in [{"example": "dry-run"}, {"example": "OFF"}, {"example": null}, {}] {
		decision.findings == {finding("deny")} with input as request
			with data.settings as {"claims": {"*": ["example"]}, "enforcement": enforcement}
			with data.rules.example as example
	}
}

test_starting_is_judged_as_creating_was if {
	every operation in ["ContainerStart", "ContainerRestart", "ContainerUnpause"] {
		decision.findings == {finding("deny")} with input as {"operation": operation}
			with data.settings as {"claims": {"ContainerStart": ["example"]}, "enforcement": {"example": "deny"}}
			with data.rules.example as example
	}
}

test_the_start_gate_speaks_for_rules_that_judge_creation if {
	every gate, found in {"deny": {finding("deny")}, "dryrun": {finding("dryrun")}, "off": set(), "odd": {finding("deny")}} {
		decision.findings == found with input as {"operation": "ContainerStart"}
			with data.settings as gated("ContainerCreate", gate)
			with data.rules.example as example
	}
	decision.findings == {finding("deny")} with input as {"operation": "ContainerStart"}
		with data.settings as gated("ContainerKill", "off")
		with data.rules.example as example
	decision.findings == {finding("deny")} with input as {"operation": "ContainerCreate"}
		with data.settings as gated("ContainerCreate", "off")
		with data.rules.example as example
}

test_the_start_gate_makes_nothing_stricter if {
	decision.findings == set() with input as {"operation": "ContainerStart"}
		with data.settings as object.union(gated("ContainerCreate", "dryrun"), {"enforcement": {"example": "off"}})
		with data.rules.example as example
}

gated(operation, gate) := {
	"claims": {"ContainerStart": ["example"], operation: ["example"]},
	"enforcement": {"example": "deny", "start_gate": gate},
}

test_deny_when_settings_are_missing if {
	every settings in [{}, {"claims": {}}, {"claims": {"*": []}}, null] {
		count(decision.findings) == 1 with input as request with data.settings as settings
	}
}

test_deny_when_everything_is_missing if {
	count(decision.findings) == 1 with input as {}
}

test_finding_of_a_rule_of_the_site if {
	decision.findings == {finding("deny")} with input as request
		with data.settings as {"claims": {"*": ["other"]}, "site_claims": {"ContainerCreate": ["example"]}, "enforcement": {}}
		with data.rules as {"other": {"deny": set()}}
		with data.custom.rules.example as example
}

test_a_rule_of_the_site_that_is_off_finds_nothing if {
	decision.findings == set() with input as request
		with data.settings as {"claims": {"*": ["other"]}, "site_claims": {"*": ["example"]}, "enforcement": {"example": "off"}}
		with data.rules as {"other": {"deny": set()}}
		with data.custom.rules.example as example
}

test_the_start_gate_speaks_for_rules_of_the_site if {
	decision.findings == {finding("dryrun")} with input as {"operation": "ContainerStart"}
		with data.settings as {
			"claims": {"*": ["other"]},
			"site_claims": {"ContainerStart": ["example"], "ContainerCreate": ["example"]},
			"enforcement": {"example": "deny", "start_gate": "dryrun"},
		}
		with data.rules as {"other": {"deny": set()}}
		with data.custom.rules.example as example
}

request := {"operation": "ContainerCreate"}

example := {"deny": {{"field": "User", "msg": "found"}}}

finding(enforcement) := {
	"rule": "example",
	"enforcement": enforcement,
	"violation": {"field": "User", "msg": "found"},
	"exceptions": set(),
}

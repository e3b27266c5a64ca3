package rules.unreviewed_operation_test

import rego.v2

import data.rules.unreviewed_operation

test_deny_a_dangerous_operation_that_no_rule_claims if {
	every risk in ["high", "critical"] {
		unreviewed_operation.deny == {{
			"field": "path",
			"msg": "PluginPull can give power over the host, and no rule says when it may pass",
		}} with input as {"operation": "PluginPull", "risk": risk} with data.settings as settings
	}
}

test_allow_a_dangerous_operation_that_a_rule_claims if {
	unreviewed_operation.deny == set() with input as {"operation": "ContainerCreate", "risk": "critical"}
		with data.settings as settings
}

test_allow_what_is_not_dangerous if {
	every risk in ["low", "medium"] {
		unreviewed_operation.deny == set() with input as {"operation": "ContainerList", "risk": risk} with data.settings as settings
	}
}

test_deny_when_settings_are_missing if {
	count(unreviewed_operation.deny) == 1 with input as {"operation": "ContainerCreate", "risk": "critical"}
}

settings := {"reviewed": ["ContainerStart", "ContainerCreate"]}

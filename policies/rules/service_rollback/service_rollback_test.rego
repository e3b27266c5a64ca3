package rules.service_rollback_test

import rego.v2

import data.rules.service_rollback

test_deny_a_rollback if {
	every value in ["previous", "Previous", "x"] {
		service_rollback.deny == {{
			"field": "rollback",
			"msg": $"the service would be what it was before, which is not shown (rollback is {value})",
		}} with input as updating(value)
	}
}

test_allow_an_update if {
	every value in ["", "none"] {
		service_rollback.deny == set() with input as updating(value)
	}
	service_rollback.deny == set() with input as {"operation": "ServiceUpdate", "service": null}
}

updating(value) := {"operation": "ServiceUpdate", "service": {"rollback": {"value": value, "field": "rollback"}}}

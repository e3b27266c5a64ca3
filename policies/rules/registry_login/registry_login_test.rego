package rules.registry_login_test

import rego.v2

import data.rules.registry_login

test_deny_a_login if {
	registry_login.deny == {{
		"field": "the body",
		"msg": "the engine would contact a server that is not shown",
	}} with input as {"operation": "SystemAuth"}
}

test_deny_when_params_are_missing if {
	count(registry_login.deny) == 1 with input as {"operation": "SystemAuth"} with registry_login.params as {}
}

test_allow_a_login_when_allowed if {
	registry_login.deny == set() with input as {"operation": "SystemAuth"} with registry_login.params as {"allowed": true}
}

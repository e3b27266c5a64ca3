package rules.api_version_test

import rego.v2

import data.rules.api_version

test_deny_an_old_version if {
	every minor in [12, 24, 40] {
		api_version.deny == {{
			"field": "path",
			"msg": $"the API version 1.{minor} is too old",
			"fix": "use a client of API 1.41 or newer, and do not set DOCKER_API_VERSION to an older one",
		}} with input as {"api_version": $"1.{minor}", "api_minor": minor}
	}
}

test_deny_a_version_that_cannot_be_read if {
	count(api_version.deny) == 1 with input as {"api_version": "1.41.0", "api_minor": null}
}

test_deny_below_another_minimum if {
	count(api_version.deny) == 1 with input as {"api_version": "1.43", "api_minor": 43}
		with api_version.params as {"minimum": 44}
}

test_deny_when_params_are_missing if {
	api_version.deny == {{
		"field": "path",
		"msg": "the API version 1.50 is too old",
		"fix": "use a client of API 1.<undefined> or newer, and do not set DOCKER_API_VERSION to an older one",
	}} with input as {"api_version": "1.50", "api_minor": 50} with api_version.params as {}
}

test_allow_a_recent_version if {
	every minor in [41, 42, 56, 100] {
		api_version.deny == set() with input as {"api_version": $"1.{minor}", "api_minor": minor}
	}
}

test_allow_a_path_without_a_version if {
	api_version.deny == set() with input as {"api_version": "", "api_minor": null}
}

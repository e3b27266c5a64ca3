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

test_deny_a_read_with_a_version_that_cannot_be_read if {
	count(api_version.deny) == 1
		with input as {"api_version": "1.24.0", "api_minor": null, "method": "GET", "kind": "read"}
}

test_deny_what_does_more_than_read if {
	every request in [
		{"method": "POST", "kind": "read", "operation": "ContainerCopy"},
		{"method": "GET", "kind": "stream", "operation": "ContainerAttachWebsocket"},
		{"method": "POST", "kind": "mutate", "operation": "ContainerCreate"},
	] {
		count(api_version.deny) == 1 with input as object.union(request, {"api_version": "1.24", "api_minor": 24})
	}
}

test_allow_what_only_reads if {
	every request in [
		{"method": "GET", "kind": "read", "operation": "ContainerList"},
		{"method": "HEAD", "kind": "read", "operation": "SystemPing"},
		{"method": "GET", "kind": "stream", "operation": "ContainerLogs"},
		{"method": "GET", "kind": "stream", "operation": "SystemEvents"},
	] {
		api_version.deny == set() with input as object.union(request, {"api_version": "1.24", "api_minor": 24})
	}
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

package rules.dropped_hardening_test

import rego.v2

import data.rules.dropped_hardening

test_deny_each_field_that_is_dropped if {
	request := {
		"operation": "ServiceCreate",
		"api_version": "1.43",
		"service": {"dropped": [
			{"value": "ContainerSpec.Privileges.Seccomp", "field": "TaskTemplate.ContainerSpec.Privileges.Seccomp"},
			{"value": "ContainerSpec.Ulimits", "field": "TaskTemplate.ContainerSpec.Ulimits"},
		]},
	}
	dropped_hardening.deny == {
		{
			"field": "TaskTemplate.ContainerSpec.Privileges.Seccomp",
			"msg": "the engine would ignore ContainerSpec.Privileges.Seccomp under API version 1.43",
		},
		{
			"field": "TaskTemplate.ContainerSpec.Ulimits",
			"msg": "the engine would ignore ContainerSpec.Ulimits under API version 1.43",
		},
	} with input as request
}

test_allow_when_nothing_is_dropped if {
	dropped_hardening.deny == set() with input as {"operation": "ServiceCreate", "service": {"dropped": []}}
	dropped_hardening.deny == set() with input as {"operation": "ServiceCreate", "service": null}
}

package rules.service_runtime_test

import rego.v2

import data.rules.service_runtime

test_deny_other_tasks_than_containers if {
	every kind in ["plugin", "attachment", "Container"] {
		service_runtime.deny == {{
			"field": "TaskTemplate.Runtime",
			"msg": $"the service would run tasks of the kind {kind}",
		}} with input as running(kind)
	}
}

test_allow_containers if {
	every kind in ["", "container"] {
		service_runtime.deny == set() with input as running(kind)
	}
	service_runtime.deny == set() with input as {"operation": "ServiceCreate", "service": null}
}

running(kind) := {"operation": "ServiceCreate", "service": {"runtime": {"value": kind, "field": "TaskTemplate.Runtime"}}}

package rules.pids_limit_test

import rego.v2

import data.rules.pids_limit

test_deny_no_limit if {
	every limit in [null, 0, -1] {
		pids_limit.deny == {{
			"field": "HostConfig.PidsLimit",
			"msg": "the container could start any number of processes",
		}} with input as limiting("ContainerCreate", "HostConfig.", limit)
	}
}

test_deny_no_limit_of_a_service if {
	pids_limit.deny == {{
		"field": "TaskTemplate.Resources.Limits.Pids",
		"msg": "the container could start any number of processes",
	}} with input as limiting("ServiceCreate", "TaskTemplate.Resources.Limits.", null)
}

test_deny_an_update_that_lifts_the_limit if {
	every limit in [0, -1] {
		pids_limit.deny == {{
			"field": "PidsLimit",
			"msg": "the container could start any number of processes",
		}} with input as limiting("ContainerUpdate", "", limit)
	}
}

test_allow_a_limit if {
	pids_limit.deny == set() with input as limiting("ContainerCreate", "HostConfig.", 1)
	pids_limit.deny == set() with input as limiting("ContainerUpdate", "", 100)
}

test_allow_an_update_of_something_else if {
	pids_limit.deny == set() with input as limiting("ContainerUpdate", "", null)
}

test_allow_a_request_without_a_container if {
	pids_limit.deny == set() with input as {"operation": "ContainerStart", "container": null}
}

limiting(operation, field, limit) := {
	"operation": operation,
	"container": {"resources": {"field": field, "pids_limit": limit}},
}

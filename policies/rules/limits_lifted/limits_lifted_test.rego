package rules.limits_lifted_test

import rego.v2

import data.rules.limits_lifted

test_deny_asking_for_no_limit if {
	every operation, field in {
		"ContainerCreate": "HostConfig.PidsLimit",
		"ContainerUpdate": "PidsLimit",
		"ServiceCreate": "TaskTemplate.Resources.Limits.Pids",
		"ServiceUpdate": "TaskTemplate.Resources.Limits.Pids",
	} {
		every limit in [-1, -100] {
			limits_lifted.deny == {{
				"field": field,
				"msg": $"the container could start any number of processes ({field} is {limit})",
			}} with input as request(operation, limit)
		}
	}
}

test_deny_an_update_to_zero if {
	limits_lifted.deny == {{
		"field": "PidsLimit",
		"msg": "the container could start any number of processes (PidsLimit is 0)",
	}} with input as request("ContainerUpdate", 0)
}

test_allow_zero_in_a_new_container if {
	every operation in ["ContainerCreate", "ServiceCreate", "ServiceUpdate"] {
		limits_lifted.deny == set() with input as request(operation, 0)
	}
}

test_allow_a_limit_and_none_stated if {
	every operation in ["ContainerCreate", "ContainerUpdate", "ServiceUpdate"] {
		every limit in [1, 100, null] {
			limits_lifted.deny == set() with input as request(operation, limit)
		}
	}
}

test_allow_a_request_without_a_container if {
	limits_lifted.deny == set() with input as {"operation": "ContainerStart", "container": null}
}

request(operation, limit) := {"operation": operation, "container": {"resources": {"pids_limit": limit}}}

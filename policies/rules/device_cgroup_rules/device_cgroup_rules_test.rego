package rules.device_cgroup_rules_test

import rego.v2

import data.rules.device_cgroup_rules

test_deny_any_rule if {
	every rule in ["a *:* rwm", "b 8:* rwm", "c 189:* r", ""] {
		device_cgroup_rules.deny == {{
			"field": "HostConfig.DeviceCgroupRules[0]",
			"msg": $"the container could make device files of its own (HostConfig.DeviceCgroupRules[0] is {rule})",
		}} with input as request([{"value": rule, "field": "HostConfig.DeviceCgroupRules[0]"}])
	}
}

test_allow_no_rules if {
	device_cgroup_rules.deny == set() with input as request([])
}

test_allow_a_request_without_a_container if {
	device_cgroup_rules.deny == set() with input as {"operation": "ContainerStart", "container": null}
}

request(rules) := {"operation": "ContainerCreate", "container": {"device_cgroup_rules": rules}}

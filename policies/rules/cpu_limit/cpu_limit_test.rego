package rules.cpu_limit_test

import rego.v2

import data.rules.cpu_limit

test_deny_no_limit if {
	every nano_cpus in [null, 0] {
		cpu_limit.deny == {{
			"field": "HostConfig.NanoCpus",
			"msg": "the container could use all of the host's processors",
		}} with input as limiting("ContainerCreate", "HostConfig.", {"nano_cpus": nano_cpus})
	}
}

test_deny_no_limit_of_a_service if {
	cpu_limit.deny == {{
		"field": "TaskTemplate.Resources.Limits.NanoCPUs",
		"msg": "the container could use all of the host's processors",
	}} with input as limiting("ServiceUpdate", "TaskTemplate.Resources.Limits.", {})
}

test_deny_a_quota_without_a_limit if {
	every stated in [{"cpu_quota": 0}, {"cpu_quota": -1}, {"nano_cpus": 1000000000, "cpu_quota": -1}] {
		cpu_limit.deny == {{
			"field": "HostConfig.CpuQuota",
			"msg": "the container could use all of the host's processors",
		}} with input as limiting("ContainerCreate", "HostConfig.", stated)
	}
}

test_deny_an_update_that_lifts_the_limit if {
	cpu_limit.deny == {{
		"field": "CpuQuota",
		"msg": "the container could use all of the host's processors",
	}} with input as limiting("ContainerUpdate", "", {"cpu_quota": -1})
}

test_allow_a_limit if {
	every stated in [{"nano_cpus": 500000000}, {"cpu_quota": 50000}, {"nano_cpus": 1, "cpu_quota": 0}] {
		cpu_limit.deny == set() with input as limiting("ContainerCreate", "HostConfig.", stated)
	}
}

test_allow_an_update_of_something_else if {
	cpu_limit.deny == set() with input as limiting("ContainerUpdate", "", {})
}

test_allow_a_request_without_a_container if {
	cpu_limit.deny == set() with input as {"operation": "ContainerStart", "container": null}
}

limiting(operation, field, stated) := {
	"operation": operation,
	"container": {"resources": object.union({"field": field, "nano_cpus": null, "cpu_quota": null}, stated)},
}

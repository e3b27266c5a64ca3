package rules.memory_limit_test

import rego.v2

import data.rules.memory_limit

test_deny_no_limit if {
	every memory in [null, 0, -1] {
		memory_limit.deny == {{
			"field": "HostConfig.Memory",
			"msg": "the container could use all of the host's memory",
		}} with input as limiting("ContainerCreate", "HostConfig.", memory)
	}
}

test_deny_no_limit_of_a_service if {
	memory_limit.deny == {{
		"field": "TaskTemplate.Resources.Limits.MemoryBytes",
		"msg": "the container could use all of the host's memory",
	}} with input as limiting("ServiceCreate", "TaskTemplate.Resources.Limits.", null)
}

test_allow_a_limit if {
	memory_limit.deny == set() with input as limiting("ContainerCreate", "HostConfig.", 6291456)
}

test_allow_a_request_without_a_container if {
	memory_limit.deny == set() with input as {"operation": "ContainerStart", "container": null}
}

limiting(operation, field, memory) := {
	"operation": operation,
	"container": {"resources": {"field": field, "memory": memory}},
}

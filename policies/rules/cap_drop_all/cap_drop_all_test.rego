package rules.cap_drop_all_test

import rego.v2

import data.rules.cap_drop_all

test_deny_when_not_all_are_dropped if {
	every list in [[], ["NET_RAW"], ["NET_RAW", "SYS_CHROOT"]] {
		cap_drop_all.deny == {{
			"field": "HostConfig.CapDrop",
			"msg": "the container would keep capabilities that it did not ask for (HostConfig.CapDrop lacks ALL)",
		}} with input as dropping("ContainerCreate", list)
	}
}

test_deny_in_a_service if {
	cap_drop_all.deny == {{
		"field": "TaskTemplate.ContainerSpec.CapabilityDrop",
		"msg": "the container would keep capabilities that it did not ask for (TaskTemplate.ContainerSpec.CapabilityDrop lacks ALL)",
	}} with input as dropping("ServiceUpdate", [])
}

test_allow_when_all_are_dropped if {
	every list in [["ALL"], ["NET_RAW", "ALL"]] {
		cap_drop_all.deny == set() with input as dropping("ContainerCreate", list)
	}
}

test_allow_a_request_without_a_container if {
	cap_drop_all.deny == set() with input as {"operation": "ContainerStart", "container": null}
}

dropping(operation, names) := {
	"operation": operation,
	"container": {"capabilities": {"drop": [{"value": name, "field": "HostConfig.CapDrop[0]"} | some name in names]}},
}

package rules.joined_namespaces_test

import rego.v2

import data.rules.joined_namespaces

test_deny_each_namespace_of_another_container if {
	every kind in ["pid", "ipc", "network", "uts", "user", "cgroup", "cgroup_join"] {
		joined_namespaces.deny == {{
			"field": "HostConfig.Mode",
			"msg": "the container would not be isolated from another one (HostConfig.Mode is container:db)",
		}} with input as joining({kind: namespace("container:db", "container")})
	}
}

test_allow_namespaces_of_its_own if {
	joined_namespaces.deny == set() with input as joining({
		"pid": namespace("", ""),
		"ipc": namespace("private", "private"),
		"network": namespace("container", "network"),
		"cgroup_join": namespace("", ""),
	})
}

test_allow_what_is_another_rules_business if {
	joined_namespaces.deny == set() with input as joining({"pid": namespace("host", "host"), "uts": namespace("x", "other")})
}

test_allow_a_request_without_a_container if {
	joined_namespaces.deny == set() with input as {"operation": "ContainerStart", "container": null}
}

joining(namespaces) := {"operation": "ContainerCreate", "container": {"namespaces": namespaces}}

namespace(value, mode) := {"value": value, "mode": mode, "field": "HostConfig.Mode"}

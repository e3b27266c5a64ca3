package rules.host_namespaces_test

import rego.v2

import data.rules.host_namespaces

test_deny_each_namespace_of_the_host if {
	every kind, found in {
		"pid": {"msg": "the container would share the host's processes", "fix": "leave --pid host out"},
		"ipc": {"msg": "the container would share the host's memory", "fix": "leave --ipc host out"},
		"network": {"msg": "the container would share the host's network", "fix": "leave --network host out"},
		"uts": {"msg": "the container would share the host's host name", "fix": "leave --uts host out"},
		"user": {"msg": "the container would share the host's user IDs", "fix": "leave --userns host out"},
		"cgroup": {"msg": "the container would share the host's cgroups", "fix": "leave --cgroupns host out"},
	} {
		host_namespaces.deny == {object.union(found, {"field": "HostConfig.Mode"})} with input as creating({kind: namespace("host", "host")})
	}
}

test_allow_the_hosts_cgroups_where_the_engine_shares_them_with_all if {
	request := {"facts": {"host": {"cgroup_v1": true}}}
	host_namespaces.deny == set() with input as object.union(creating({"cgroup": namespace("host", "host")}), request)
	count(host_namespaces.deny) == 1 with input as object.union(creating({"pid": namespace("host", "host")}), request)
	count(host_namespaces.deny) == 1 with input as object.union(
		creating({"cgroup": namespace("host", "host")}),
		{"facts": {"host": {"cgroup_v1": false}}},
	)
}

test_deny_an_endpoint_on_the_hosts_network if {
	every request in [creating({}), {"operation": "NetworkConnect", "container": null}] {
		host_namespaces.deny == {{
			"field": "EndpointConfig",
			"msg": "the container would share the host's network",
			"fix": "leave --network host out",
		}} with input as object.union(request, {"endpoints": [
			{"network": "front", "field": "other"},
			{"network": "host", "field": "EndpointConfig"},
		]})
	}
}

test_deny_the_hosts_network_by_its_id if {
	count(host_namespaces.deny) == 1 with input as attached_to("host")
	host_namespaces.deny == set() with input as attached_to("bridge")
}

attached_to(driver) := object.union(creating({}), {
	"endpoints": [{"network": "3ea8", "field": "EndpointConfig"}],
	"facts": {"networks": {"3ea8": {"driver": driver}}},
})

test_deny_a_service_on_the_hosts_network_once if {
	count(host_namespaces.deny) == 1 with input as {
		"operation": "ServiceCreate",
		"container": {"namespaces": {"network": {"mode": "host", "value": "host", "field": "TaskTemplate.Networks[0]"}}},
		"endpoints": [{"network": "host", "field": "TaskTemplate.Networks[0]"}],
	}
}

test_deny_memory_that_others_can_join if {
	host_namespaces.deny == {{
		"field": "HostConfig.Mode",
		"msg": "other containers could join the container's memory (HostConfig.Mode is shareable)",
		"fix": "leave --ipc shareable out",
	}} with input as creating({"ipc": namespace("shareable", "shareable")})
}

test_deny_an_unknown_mode if {
	every value in ["Host", "host:", "hostx", " host"] {
		host_namespaces.deny == {{
			"field": "HostConfig.Mode",
			"msg": $"no engine is known to have this mode (HostConfig.Mode is {value})",
			"fix": $"leave --pid {value} out",
		}} with input as creating({"pid": namespace(value, "other")})
	}
}

test_allow_namespaces_of_its_own if {
	host_namespaces.deny == set() with input as creating({
		"pid": namespace("", ""),
		"ipc": namespace("none", "none"),
		"network": namespace("front", "network"),
		"uts": namespace("", ""),
		"user": namespace("", ""),
		"cgroup": namespace("private", "private"),
		"cgroup_join": namespace("", ""),
	})
}

test_allow_a_request_without_a_container if {
	host_namespaces.deny == set() with input as {"operation": "ContainerStart", "container": null, "endpoints": []}
}

creating(namespaces) := {"operation": "ContainerCreate", "container": {"namespaces": namespaces}, "endpoints": []}

namespace(value, mode) := {"value": value, "mode": mode, "field": "HostConfig.Mode"}

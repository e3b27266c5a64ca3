package rules.joined_namespaces_test

import rego.v2

import data.rules.joined_namespaces

test_deny_each_namespace_of_another_container if {
	every kind in ["pid", "ipc", "uts", "user", "cgroup", "cgroup_join"] {
		joined_namespaces.deny == {{
			"field": "HostConfig.Mode",
			"msg": "the container would not be isolated from another one (HostConfig.Mode is container:db)",
		}} with input as joining({kind: namespace("container:db", "container")}, {})
	}
}

test_allow_the_kinds_that_the_settings_allow_of_an_ordinary_container if {
	every kind in ["pid", "ipc", "network"] {
		allowed(joining({kind: joined}, {})) with joined_namespaces.params as {"allowed": [kind]}
	}
	allowed(joining({"network": joined}, {"capabilities": ["CHOWN"], "host_paths": ["/srv"]}))
}

test_deny_a_container_with_powers_over_the_host if {
	every problem, change in {
		"is privileged": {"privileged": true},
		"has the added capability SYS_ADMIN": {"capabilities": ["CHOWN", "SYS_ADMIN"]},
		"shares the host's pid namespace": {"host_namespaces": ["pid"]},
		"shares that of yet another": {"joined_namespaces": ["ipc", "network"]},
		"is not known": {"state": "unknown"},
		"does not exist": {"state": "missing"},
	} {
		joined_namespaces.deny == {{
			"field": "HostConfig.Mode",
			"msg": $"the container would share the network namespace of db, which {problem}",
		}} with input as joining({"network": joined}, change)
	}
}

test_deny_host_paths_where_processes_are_seen if {
	request := joining({"pid": joined}, {"host_paths": ["/etc", "/srv/data"]})
	joined_namespaces.deny == {{
		"field": "HostConfig.Mode",
		"msg": "the container would share the pid namespace of db, which has /etc of the host mounted",
	}} with input as request
		with joined_namespaces.params as {"allowed": ["pid"]}
		with data.rules.host_binds.params as {"allowed": [{"path": "/srv"}]}
}

test_allow_another_kind_that_the_other_one_joins if {
	allowed(joining({"network": joined}, {"joined_namespaces": ["ipc"]}))
}

test_deny_what_was_not_looked_up if {
	joined_namespaces.deny == {{
		"field": "HostConfig.Mode",
		"msg": "the container would share the network namespace of db, which is not known",
	}} with input as object.union(joining({"network": joined}, {}), {"facts": {"containers": {"db": {"state": "new"}}}})
	count(joined_namespaces.deny) == 1 with input as {"operation": "ContainerCreate", "container": {"namespaces": {"network": joined}}}
}

# The engine stores an id, unless there was no such container: then its name can be given to any other.
test_deny_a_stored_name if {
	joined_namespaces.deny == {{
		"field": "HostConfig.Mode",
		"msg": "the container would share the network namespace of db, which has no more than a name, which can be given to another",
	}} with input as object.union(joining({"network": joined}, {}), {"operation": "ContainerStart", "starting": true})
	allowed(object.union(joining({"network": joined}, {"id": "db"}), {"operation": "ContainerStart", "starting": true}))
}

test_deny_when_params_are_missing if {
	every change in [{}, {"privileged": true}] {
		joined_namespaces.deny == {{
			"field": "HostConfig.Mode",
			"msg": "the container would not be isolated from another one (HostConfig.Mode is container:db)",
		}} with input as joining({"network": joined}, change) with joined_namespaces.params as {}
	}
}

test_allow_namespaces_of_its_own if {
	allowed(joining(
		{
			"pid": namespace("", ""),
			"ipc": namespace("private", "private"),
			"network": namespace("container", "network"),
			"cgroup_join": namespace("", ""),
		},
		{},
	))
}

test_allow_what_is_another_rules_business if {
	allowed(joining({"pid": namespace("host", "host"), "uts": namespace("x", "other")}, {}))
}

test_allow_a_request_without_a_container if {
	allowed({"operation": "ContainerStart", "container": null})
}

allowed(request) if joined_namespaces.deny == set() with input as request

# joining is a request about namespaces, with an ordinary container db, changed by what is given.
joining(namespaces, changes) := {
	"operation": "ContainerCreate",
	"starting": false,
	"container": {"namespaces": namespaces},
	"facts": {"containers": {"db": object.union(
		{
			"state": "found", "id": "d1", "privileged": false, "capabilities": [], "host_paths": [],
			"host_namespaces": [], "joined_namespaces": [],
		},
		changes,
	)}},
}

joined := namespace("container:db", "container")

namespace(value, mode) := {"value": value, "mode": mode, "container": trim_prefix(value, "container:"), "field": "HostConfig.Mode"}

package rules.powerful_container_test

import rego.v2

import data.rules.powerful_container

test_deny_each_power if {
	{finding.msg | some finding in powerful_container.deny} == {
		"the container web has /etc of the host mounted",
		"the container web has the added capability SYS_ADMIN",
		"the container web shares the host's pid namespace",
		"the container web is privileged",
	} with input as entering({
		"host_paths": ["/etc", "/srv/data/x"],
		"capabilities": ["SYS_ADMIN", "CHOWN", "NET_ADMIN"],
		"host_namespaces": ["pid"],
		"privileged": true,
	})
		with data.rules.host_binds.params as {"allowed": [{"path": "/opt"}, {"path": "/srv/data"}]}
		with data.rules.cap_add.params as {"allowed": ["NET_ADMIN"]}
}

test_deny_a_host_path_that_only_looks_allowed if {
	powerful_container.deny == {{"field": "path", "msg": "the container web has /srv/database of the host mounted"}} with input as entering({"host_paths": ["/srv/database"]})
		with data.rules.host_binds.params as {"allowed": [{"path": "/srv/data"}]}
}

test_deny_when_params_are_missing if {
	count(powerful_container.deny) == 2 with input as entering({"host_paths": ["/etc"], "capabilities": ["SYS_ADMIN"]})
		with data.rules.host_binds.params as {}
		with data.rules.cap_add.params as {}
}

test_allow_an_ordinary_container if {
	powerful_container.deny == set() with input as entering({})
}

test_allow_what_was_not_looked_up if {
	powerful_container.deny == set() with input as {"operation": "ContainerExec", "object": "web", "facts": {"containers": {}}}
}

entering(powers) := {"operation": "ContainerExec", "object": "web", "facts": {"containers": {"web": object.union(
	{"state": "found", "host_paths": [], "capabilities": [], "host_namespaces": [], "privileged": false},
	powers,
)}}}

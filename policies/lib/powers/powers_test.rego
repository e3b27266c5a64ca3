package lib.powers_test

import rego.v2

import data.lib.powers

test_an_ordinary_container_has_none if {
	of({}) == set()
	of({"capabilities": ["CHOWN", "NET_RAW"]}) == set()
}

test_each_power if {
	every power, change in {
		"is privileged": {"privileged": true},
		"shares the host's pid namespace": {"host_namespaces": ["pid"]},
		"has the added capability SYS_ADMIN": {"capabilities": ["SYS_ADMIN"]},
		"has the added capability ALL": {"capabilities": ["ALL"]},
		"has /etc of the host mounted": {"host_paths": ["/etc"]},
	} {
		of(change) == {power}
	}
}

test_what_the_settings_allow if {
	of({"host_paths": ["/srv/a"], "capabilities": ["SYS_TIME"]}) == set() with data.rules.host_binds.params as {"allowed": [{"path": "/srv"}]}
		with data.rules.cap_add.params as {"allowed": ["SYS_TIME"]}
}

test_without_params if {
	count(of({"host_paths": ["/srv/a"], "capabilities": ["SYS_TIME"]})) == 2 with data.rules.host_binds.params as {}
		with data.rules.cap_add.params as {}
}

of(changes) := found if {
	found := powers.of(input.facts.containers.web) with input as {"facts": {"containers": {"web": object.union(
		{"privileged": false, "capabilities": [], "host_paths": [], "host_namespaces": []},
		changes,
	)}}}
}

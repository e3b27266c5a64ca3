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
		"may use the device /dev/sda of the host": {"devices": ["/dev/sda"]},
		"may use the device b 8:* rwm of the host": {"devices": ["b 8:* rwm"]},
	} {
		of(change) == {power}
	}
}

test_what_the_settings_allow if {
	of({"host_paths": ["/srv/a"], "capabilities": ["SYS_TIME"], "devices": ["/dev/fuse"]}) == set() with data.rules.host_binds.params as {"allowed": [{"path": "/srv"}]}
		with data.rules.cap_add.params as {"allowed": ["SYS_TIME"]}
		with data.rules.devices.params as {"allowed": [{"path": "/dev/fuse", "permissions": "rw"}]}
}

test_without_params if {
	count(of({"host_paths": ["/srv/a"], "capabilities": ["SYS_TIME"], "devices": ["/dev/fuse"]})) == 3 with data.rules.host_binds.params as {}
		with data.rules.cap_add.params as {}
		with data.rules.devices.params as {}
}

of(changes) := found if {
	found := powers.of(input.facts.containers.web) with input as {"facts": {"containers": {"web": object.union(
		{"privileged": false, "capabilities": [], "host_paths": [], "devices": [], "host_namespaces": []},
		changes,
	)}}}
}

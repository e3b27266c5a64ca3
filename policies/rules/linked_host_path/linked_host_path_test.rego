package rules.linked_host_path_test

import rego.v2

import data.rules.linked_host_path

test_deny_a_link_that_leads_out if {
	linked_host_path.deny == {{
		"field": "HostConfig.Binds[0]",
		"msg": "/srv/data/x of the host leads to /, which may not be mounted",
	}} with input as mounting("bind", "/", "found") with data.rules.host_binds.params as settings
	count(linked_host_path.deny) == 1 with input as mounting("bind", "/srv/database", "found") with data.rules.host_binds.params as settings
}

test_deny_a_link_when_params_are_missing if {
	count(linked_host_path.deny) == 1 with input as mounting("bind", "/etc", "found") with data.rules.host_binds.params as {}
}

test_deny_a_link_to_what_may_only_be_read if {
	params := {"allowed": [{"path": "/srv/data"}, {"path": "/srv/ro", "read_only": true}]}
	count(linked_host_path.deny) == 1 with input as mounting("bind", "/srv/ro", "found") with data.rules.host_binds.params as params
}

test_allow_a_link_that_stays_in if {
	every resolved in ["/srv/data", "/srv/data/y", "/srv/data/x"] {
		linked_host_path.deny == set() with input as mounting("bind", resolved, "found") with data.rules.host_binds.params as settings
	}
}

test_allow_what_is_no_link_whatever_the_settings if {
	linked_host_path.deny == set() with input as mounting("bind", "/srv/data/x", "found") with data.rules.host_binds.params as {}
}

test_allow_what_is_not_the_hosts if {
	linked_host_path.deny == set() with input as mounting("volume", "/", "found")
	linked_host_path.deny == set() with input as mounting("bind", "", "unknown")
}

test_deny_a_device_that_leads_elsewhere if {
	linked_host_path.deny == {{
		"field": "HostConfig.Devices[0]",
		"msg": "the device /dev/disk/a of the host leads to /dev/sda, which is not allowed",
	}} with input as giving("/dev/sda") with data.rules.devices.params as {"allowed": [{"path": "/dev/disk/a"}]}
}

test_allow_a_device_that_leads_to_an_allowed_one if {
	linked_host_path.deny == set() with input as giving("/dev/sda") with data.rules.devices.params as {"allowed": [{"path": "/dev/sda"}]}
}

test_allow_a_request_without_a_container if {
	linked_host_path.deny == set() with input as {"operation": "ContainerStart", "container": null}
}

settings := {"allowed": [{"path": "/opt"}, {"path": "/srv/data/"}]}

mounting(type, resolved, state) := {
	"operation": "ContainerCreate",
	"container": {"mounts": [{"type": type, "source": "/srv/data/x", "field": "HostConfig.Binds[0]"}], "devices": []},
	"facts": {"paths": {"/srv/data/x": {"state": state, "resolved": resolved}}},
}

giving(resolved) := {
	"operation": "ContainerCreate",
	"container": {"mounts": [], "devices": [{"host": "/dev/disk/a", "field": "HostConfig.Devices[0]"}]},
	"facts": {"paths": {"/dev/disk/a": {"state": "found", "resolved": resolved}}},
}

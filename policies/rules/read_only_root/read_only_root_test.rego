package rules.read_only_root_test

import rego.v2

import data.rules.read_only_root

test_deny_a_writable_root if {
	read_only_root.deny == {{
		"field": "HostConfig.ReadonlyRootfs",
		"msg": "the files of the image could be changed in the container (HostConfig.ReadonlyRootfs is false)",
	}} with input as request(false)
}

test_allow_a_read_only_root if {
	read_only_root.deny == set() with input as request(true)
}

test_allow_a_request_without_a_container if {
	read_only_root.deny == set() with input as {"operation": "ContainerStart", "container": null}
}

request(value) := {
	"operation": "ContainerCreate",
	"container": {"read_only_rootfs": {"value": value, "field": "HostConfig.ReadonlyRootfs"}},
}

package rules.devices_test

import rego.v2

import data.rules.devices

test_deny_any_device_by_default if {
	every path in ["/dev/sda", "/dev", "/dev/mem", "/dev/kvm", "/", "."] {
		devices.deny == {finding(path, "rwm", "none")} with input as giving(path, "rwm")
	}
}

test_deny_a_device_without_permissions_as_one_with_all if {
	devices.deny == {finding("/dev/fuse", "rwm", "/dev/fuse:rw")} with input as giving("/dev/fuse", "")
		with devices.params as {"allowed": [{"path": "/dev/fuse", "permissions": "rw"}]}
}

test_deny_more_than_the_allowed_permissions if {
	every permissions in ["rwm", "rm", "m", "rx", "a"] {
		devices.deny == {finding("/dev/fuse", permissions, "/dev/fuse:rw")} with input as giving("/dev/fuse", permissions)
			with devices.params as {"allowed": [{"path": "/dev/fuse", "permissions": "rw"}]}
	}
}

test_deny_another_device_than_the_allowed_one if {
	every path in ["/dev/fuse1", "/dev/fus", "/dev", "/dev/fuse/x", "/x/dev/fuse"] {
		count(devices.deny) == 1 with input as giving(path, "r") with devices.params as settings
	}
}

test_allow_an_allowed_device if {
	every permissions in ["r", "w", "rw", "wr", "rwm"] {
		devices.deny == set() with input as giving("/dev/fuse", permissions) with devices.params as settings
	}
	devices.deny == set() with input as giving("/dev/snd", "r") with devices.params as settings
}

test_deny_an_io_limit_on_any_device_by_default if {
	devices.deny == {{
		"field": "BlkioDeviceReadBps[0].Path",
		"msg": "the device /dev/sda of the host would get an I/O limit",
		"fix": "leave --device-read-bps and the like out, or use an allowed device: none",
	}} with input as limiting("ContainerUpdate", "/dev/sda")
}

test_deny_an_io_limit_on_another_spelling_of_an_allowed_device if {
	every path in ["/dev//fuse", "/dev/./fuse", "dev/fuse", "/dev/fuse/", "/etc/shadow"] {
		count(devices.deny) == 1 with input as limiting("ContainerCreate", path) with devices.params as settings
	}
}

test_allow_an_io_limit_on_an_allowed_device if {
	devices.deny == set() with input as limiting("ContainerCreate", "/dev/fuse") with devices.params as settings
}

test_deny_when_params_are_missing if {
	devices.deny == {finding("/dev/fuse", "r", "none")} with input as giving("/dev/fuse", "r") with devices.params as {}
	count(devices.deny) == 1 with input as limiting("ContainerCreate", "/dev/fuse") with devices.params as {}
}

test_allow_no_devices if {
	devices.deny == set() with input as {"operation": "ContainerCreate", "container": {"devices": [], "blkio_devices": []}}
}

test_allow_a_request_without_a_container if {
	devices.deny == set() with input as {"operation": "ContainerStart", "container": null}
}

settings := {"allowed": [{"path": "/dev/snd", "permissions": "r"}, {"path": "/dev/fuse", "permissions": "rwm"}]}

giving(path, permissions) := {"operation": "ContainerCreate", "container": {
	"devices": [{"host": path, "container": "/dev/x", "permissions": permissions, "field": "HostConfig.Devices[0]"}],
	"blkio_devices": [],
}}

limiting(operation, path) := {"operation": operation, "container": {
	"devices": [],
	"blkio_devices": [{"value": path, "field": "BlkioDeviceReadBps[0].Path"}],
}}

finding(path, permissions, allowed) := {
	"field": "HostConfig.Devices[0]",
	"msg": $"the device {path} of the host would be given to the container ({permissions})",
	"fix": $"leave --device out, or use an allowed device: {allowed}",
}

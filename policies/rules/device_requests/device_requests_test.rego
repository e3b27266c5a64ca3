package rules.device_requests_test

import rego.v2

import data.rules.device_requests

test_deny_every_gpu_by_default if {
	device_requests.deny == {{
		"field": "HostConfig.DeviceRequests[0]",
		"msg": "a driver that fits would give devices of the host to the container: all",
		"fix": "leave --gpus, --device and NVIDIA_VISIBLE_DEVICES out; allowed: none",
	}} with input as requesting({"count": -1})
}

test_deny_what_the_settings_do_not_allow if {
	every change in [
		{"driver": "nvidia", "ids": ["2"]},
		{"driver": "nvidia", "ids": ["0", "2"]},
		{"driver": "nvidia", "ids": ["0"], "count": 1},
		{"driver": "nvidia", "count": -1},
		{"driver": "nvidia", "ids": ["vendor.com/class=x"]},
		{"driver": "nvidia", "ids": ["0"], "options": [{"name": "a", "value": "b", "field": "c"}]},
		{"driver": "", "ids": ["0"]},
		{"driver": "cdi", "ids": ["0"]},
		{"driver": "cdi", "ids": ["vendor.com/class=y"]},
		{"driver": "cdi", "ids": ["all"]},
		{"driver": "amd", "ids": []},
	] {
		count(device_requests.deny) == 1 with input as requesting(change) with device_requests.params as settings
	}
}

test_deny_saying_what_is_allowed if {
	device_requests.deny == {{
		"field": "HostConfig.DeviceRequests[0]",
		"msg": "the driver nvidia would give devices of the host to the container: 0, 7",
		"fix": "leave --gpus, --device and NVIDIA_VISIBLE_DEVICES out; allowed: nvidia=0 1, cdi=vendor.com/class=x",
	}} with input as requesting({"driver": "nvidia", "ids": ["7", "0"]}) with device_requests.params as settings
}

test_deny_a_request_that_names_no_device if {
	{finding.msg | some finding in device_requests.deny} == {"a driver that fits would give devices of the host to the container: none named"} with input as requesting({})
}

test_allow_what_the_settings_allow if {
	every change in [
		{"driver": "nvidia", "ids": ["0"]},
		{"driver": "nvidia", "ids": ["0", "1"]},
		{"driver": "cdi", "ids": ["vendor.com/class=x"]},
	] {
		device_requests.deny == set() with input as requesting(change) with device_requests.params as settings
	}
}

test_allow_a_count_where_all_are_allowed if {
	every count in [-1, 2] {
		device_requests.deny == set() with input as requesting({"count": count})
			with device_requests.params as {"allowed": [{"driver": "", "ids": ["all"]}]}
	}
}

test_deny_asking_nvidias_runtime if {
	device_requests.deny == {{
		"field": "Env",
		"msg": "the driver nvidia would give devices of the host to the container: all",
		"fix": "leave --gpus, --device and NVIDIA_VISIBLE_DEVICES out; allowed: none",
	}} with input as asking(["PATH", "NVIDIA_VISIBLE_DEVICES"], false)
	count(device_requests.deny) == 1 with input as asking(["NVIDIA_VISIBLE_DEVICES"], false) with device_requests.params as settings
}

test_allow_asking_nvidias_runtime if {
	device_requests.deny == set() with input as asking(["NVIDIA_VISIBLE_DEVICES"], false)
		with device_requests.params as {"allowed": [{"driver": "nvidia", "ids": ["all"]}]}
	device_requests.deny == set() with input as asking(["PATH", "NVIDIA_VISIBLE"], false)
	device_requests.deny == set() with input as asking(["NVIDIA_VISIBLE_DEVICES"], true)
}

asking(names, starting) := {
	"operation": "ContainerCreate",
	"starting": starting,
	"container": {"device_requests": [], "env_names": names},
}

test_deny_when_params_are_missing if {
	count(device_requests.deny) == 1 with input as requesting({"driver": "nvidia", "ids": ["0"]}) with device_requests.params as {}
}

test_allow_no_requests if {
	device_requests.deny == set() with input as {"operation": "ContainerCreate", "container": {"device_requests": []}}
}

test_allow_a_request_without_a_container if {
	device_requests.deny == set() with input as {"operation": "ContainerStart", "container": null}
}

settings := {"allowed": [{"driver": "nvidia", "ids": ["0", "1"]}, {"driver": "cdi", "ids": ["vendor.com/class=x"]}]}

requesting(changes) := {"operation": "ContainerCreate", "container": {"device_requests": [object.union(
	{"driver": "", "count": 0, "ids": [], "options": [], "field": "HostConfig.DeviceRequests[0]"},
	changes,
)]}}

package rules.volume_options_test

import rego.v2

import data.rules.volume_options

test_deny_a_bind_in_disguise if {
	every driver in ["", "local"] {
		volume_options.deny == {{
			"field": "DriverOpts[\"device\"]",
			"msg": "the volume options device, o, type would mount / of the host",
			"fix": "leave --opt and volume-opt out; allowed: none",
		}} with input as creating({"driver": driver, "options": bind, "host_paths": ["/"]})
	}
}

test_deny_options_that_name_no_host_path if {
	volume_options.deny == {{
		"field": "DriverOpts[\"size\"]",
		"msg": "the volume options size would decide what the volume is",
		"fix": "leave --opt and volume-opt out; allowed: none",
	}} with input as creating({"options": [option("size", "1g")]})
}

test_deny_whatever_the_request_is_for if {
	every operation in ["ContainerCreate", "ServiceCreate", "ServiceUpdate"] {
		count(volume_options.deny) == 1 with input as object.union(creating({"options": bind}), {"operation": operation})
	}
}

test_deny_never_quoting_a_value if {
	every finding in volume_options.deny { not contains($"{finding}", "secret") } with input as creating({"options": [
		option("o", "username=a,password=secret"),
		option("device", "//10.0.0.9/share"),
	]})
}

test_allow_options_that_the_settings_allow if {
	volume_options.deny == set() with input as creating({"options": [option("size", "1g")]})
		with volume_options.params as {"allowed": ["size"]}
}

test_deny_options_beside_an_allowed_one if {
	volume_options.deny == {{
		"field": "DriverOpts[\"device\"]",
		"msg": "the volume options device, o, type would decide what the volume is",
		"fix": "leave --opt and volume-opt out; allowed: size, Device",
	}} with input as creating({"options": array.concat(bind, [option("size", "1g")])})
		with volume_options.params as {"allowed": ["size", "Device"]}
}

test_deny_when_params_are_missing if {
	count(volume_options.deny) == 1 with input as creating({"options": [option("size", "1g")]}) with volume_options.params as {}
}

test_allow_a_volume_without_options if {
	volume_options.deny == set() with input as creating({})
	volume_options.deny == set() with input as {"operation": "ContainerCreate", "volumes": []}
}

test_allow_what_is_another_rules_business if {
	volume_options.deny == set() with input as creating({"driver": "rclone", "options": [option("remote", "x")]})
}

bind := [option("device", "/"), option("o", "bind"), option("type", "none")]

option(name, value) := {"name": name, "value": value, "field": $"DriverOpts[\"{name}\"]"}

creating(changes) := {"operation": "VolumeCreate", "volumes": [object.union(
	{"name": "data", "driver": "", "options": [], "host_paths": [], "cluster": false, "field": "Driver"},
	changes,
)]}

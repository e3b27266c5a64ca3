package rules.volume_drivers_test

import rego.v2

import data.rules.volume_drivers

test_deny_another_driver_than_the_engines if {
	every driver in ["rclone", "Local", "local ", "local:latest", "evil/driver"] {
		volume_drivers.deny == {{
			"field": "Driver",
			"msg": $"the volume driver {driver} would be used",
			"fix": "leave --driver and --volume-driver out; allowed beside local: none",
		}} with input as creating("VolumeCreate", {"driver": driver})
	}
}

test_deny_what_the_settings_do_not_allow if {
	volume_drivers.deny == {{
		"field": "Driver",
		"msg": "the volume driver rclon would be used",
		"fix": "leave --driver and --volume-driver out; allowed beside local: rclone, nfs",
	}} with input as creating("ContainerCreate", {"driver": "rclon"}) with volume_drivers.params as settings
}

test_deny_a_cluster_volume if {
	every operation in ["VolumeCreate", "VolumeUpdate"] {
		volume_drivers.deny == {{
			"field": "Driver",
			"msg": "data would be a cluster volume",
			"fix": "use a local volume",
		}} with input as creating(operation, {"driver": "rclone", "cluster": true}) with volume_drivers.params as settings
	}
}

test_allow_a_cluster_mount_as_another_rules_business if {
	volume_drivers.deny == set() with input as creating("ContainerCreate", {"cluster": true})
}

test_allow_the_engines_own_driver if {
	every driver in ["", "local"] {
		volume_drivers.deny == set() with input as creating("VolumeCreate", {"driver": driver})
	}
}

test_allow_what_the_settings_allow if {
	volume_drivers.deny == set() with input as creating("VolumeCreate", {"driver": "rclone"}) with volume_drivers.params as settings
}

test_deny_when_params_are_missing if {
	count(volume_drivers.deny) == 1 with input as creating("VolumeCreate", {"driver": "rclone"}) with volume_drivers.params as {}
}

test_allow_a_request_without_volumes if {
	volume_drivers.deny == set() with input as {"operation": "ContainerStart", "container": null, "volumes": []}
}

settings := {"allowed": ["rclone", "nfs"]}

creating(operation, changes) := {"operation": operation, "volumes": [object.union(
	{"name": "data", "driver": "", "options": [], "host_paths": [], "cluster": false, "field": "Driver"},
	changes,
)]}

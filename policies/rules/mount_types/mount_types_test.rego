package rules.mount_types_test

import rego.v2

import data.rules.mount_types

test_deny_other_types if {
	every type in ["npipe", "cluster", "", "Bind", "TMPFS", "new"] {
		mount_types.deny == {{
			"field": "HostConfig.Mounts[0]",
			"msg": $"a mount of type {type} would be made at /x",
		}} with input as mounting(type)
	}
}

test_allow_known_types if {
	every type in ["bind", "volume", "tmpfs", "image"] {
		mount_types.deny == set() with input as mounting(type)
	}
}

test_allow_no_mounts if {
	mount_types.deny == set() with input as {"operation": "ContainerCreate", "container": {"mounts": []}}
}

test_allow_a_request_without_a_container if {
	mount_types.deny == set() with input as {"operation": "ContainerStart", "container": null}
}

mounting(type) := {"operation": "ContainerCreate", "container": {"mounts": [{
	"field": "HostConfig.Mounts[0]",
	"type": type,
	"source": "data",
	"target": "/x",
}]}}

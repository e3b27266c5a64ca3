package rules.volumes_from_test

import rego.v2

import data.rules.volumes_from

test_deny_each_container if {
	volumes_from.deny == {
		{"field": "HostConfig.VolumesFrom[0]", "msg": "the container would get every mount of the container db"},
		{"field": "HostConfig.VolumesFrom[1]", "msg": "the container would get every mount of the container 3ea8"},
	} with input as request([
		{"container": "db", "mode": "ro", "field": "HostConfig.VolumesFrom[0]"},
		{"container": "3ea8", "mode": "", "field": "HostConfig.VolumesFrom[1]"},
	])
}

test_allow_what_was_looked_up if {
	every state in ["found", "missing"] {
		volumes_from.deny == set() with input as looked_up(state)
	}
	count(volumes_from.deny) == 1 with input as looked_up("unknown")
}

looked_up(state) := object.union(
	request([{"container": "db", "mode": "", "field": "HostConfig.VolumesFrom[0]"}]),
	{"facts": {"containers": {"db": {"state": state}}}},
)

test_allow_none if {
	volumes_from.deny == set() with input as request([])
}

test_allow_a_request_without_a_container if {
	volumes_from.deny == set() with input as {"operation": "ContainerStart", "container": null}
}

request(list) := {"operation": "ContainerCreate", "container": {"volumes_from": list}}

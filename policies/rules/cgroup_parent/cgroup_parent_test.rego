package rules.cgroup_parent_test

import rego.v2

import data.rules.cgroup_parent

test_deny_any_parent if {
	every parent in ["/", "../../..", "/system.slice", "docker/../../x", "docker", " "] {
		cgroup_parent.deny == {{
			"field": "HostConfig.CgroupParent",
			"msg": $"the container would leave the engine's cgroup (HostConfig.CgroupParent is {parent})",
		}} with input as request(parent)
	}
}

test_allow_no_parent if {
	cgroup_parent.deny == set() with input as request("")
}

test_allow_a_request_without_a_container if {
	cgroup_parent.deny == set() with input as {"operation": "ContainerStart", "container": null}
}

request(parent) := {"operation": "ContainerCreate", "container": {"cgroup_parent": {"value": parent, "field": "HostConfig.CgroupParent"}}}

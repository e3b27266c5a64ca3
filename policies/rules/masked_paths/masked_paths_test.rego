package rules.masked_paths_test

import rego.v2

import data.rules.masked_paths

test_deny_a_list_that_leaves_paths_out if {
	masked_paths.deny == {
		{"field": "HostConfig.MaskedPaths", "msg": "the container could see /proc/kcore, /sys/firmware"},
		{"field": "HostConfig.ReadonlyPaths", "msg": "the container could change /proc/sys"},
	} with input as request(list(true, ["/proc/kcore", "/sys/firmware"]), list(true, ["/proc/sys"]))
}

test_deny_one_list if {
	count(masked_paths.deny) == 1 with input as request(list(true, ["/proc/kcore"]), list(false, []))
	count(masked_paths.deny) == 1 with input as request(list(false, []), list(true, ["/proc/sys"]))
}

test_allow_lists_that_leave_nothing_out if {
	masked_paths.deny == set() with input as request(list(true, []), list(true, []))
}

test_allow_no_lists if {
	masked_paths.deny == set() with input as request(list(false, []), list(false, []))
}

test_allow_a_request_without_a_container if {
	masked_paths.deny == set() with input as {"operation": "ContainerStart", "container": null}
}

list(set, missing) := {"set": set, "values": [], "missing": missing}

request(masked, read_only) := {"operation": "ContainerCreate", "container": {"security": {
	"masked_paths": object.union(masked, {"field": "HostConfig.MaskedPaths"}),
	"readonly_paths": object.union(read_only, {"field": "HostConfig.ReadonlyPaths"}),
}}}

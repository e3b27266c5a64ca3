package rules.supplementary_groups_test

import rego.v2

import data.rules.supplementary_groups

test_deny_roots_group if {
	every value in ["0", "+0", "-0", "00"] {
		supplementary_groups.deny == {finding("HostConfig.GroupAdd[0]", $"the group {value} is root's")} with input as creating(plain, [group(value, 0)])
		supplementary_groups.deny == {finding("User", $"the group {value} is root's")} with input as creating(user(value, 0), [])
	}
}

test_deny_a_group_that_the_image_decides if {
	every value in ["docker", "wheel", "root", "x0"] {
		supplementary_groups.deny == {finding("HostConfig.GroupAdd[0]", $"the group {value} is what the image makes of it")} with input as creating(plain, [group(value, null)])
		supplementary_groups.deny == {finding("User", $"the group {value} is what the image makes of it")} with input as creating(user(value, null), [])
	}
	count(supplementary_groups.deny) == 1 with input as creating(plain, [group("", null)])
	count(supplementary_groups.deny) == 1 with input as creating(plain, [group("-5", -5)])
}

test_deny_a_process_in_a_running_container if {
	supplementary_groups.deny == {finding("User", "the group 0 is root's")} with input as {
		"operation": "ContainerExec",
		"container": null,
		"exec": {"user": user("0", 0)},
	}
}

test_deny_each_group if {
	count(supplementary_groups.deny) == 3 with input as creating(user("0", 0), [group("2000", 2000), group("0", 0), group("docker", null)])
}

test_allow_plain_numbers if {
	supplementary_groups.deny == set() with input as creating(plain, [group("1", 1), group("4294967294", 4294967294)])
	supplementary_groups.deny == set() with input as creating(user("1000", 1000), [])
}

test_allow_what_the_settings_allow if {
	supplementary_groups.deny == set() with input as creating(user("0", 0), [group("video", null)]) with supplementary_groups.params as settings
}

test_deny_another_spelling_of_what_the_settings_allow if {
	every odd in [group("+0", 0), group("00", 0), group("Video", null), group("video2", null)] {
		{finding.fix | some finding in supplementary_groups.deny} == {"give groups by number and not 0, e.g. --group-add 1000 or --user 1000:1000; other groups allowed: video, 0"} with input as creating(plain, [odd]) with supplementary_groups.params as settings
	}
}

test_deny_when_params_are_missing if {
	count(supplementary_groups.deny) == 1 with input as creating(plain, [group("video", null)]) with supplementary_groups.params as {}
}

test_allow_a_request_without_groups if {
	supplementary_groups.deny == set() with input as creating(plain, [])
}

test_allow_a_request_without_a_container if {
	supplementary_groups.deny == set() with input as {"operation": "ContainerStart", "container": null, "exec": null}
}

settings := {"allowed": ["video", "0"]}

plain := user("", null)

user(name, gid) := {"value": "1000", "kind": "uid", "uid": 1000, "gid": gid, "group": name, "field": "User"}

group(value, gid) := {"value": value, "gid": gid, "field": "HostConfig.GroupAdd[0]"}

creating(user, groups) := {"operation": "ContainerCreate", "container": {"user": user, "groups": groups}, "exec": null}

finding(field, msg) := {
	"field": field,
	"msg": msg,
	"fix": "give groups by number and not 0, e.g. --group-add 1000 or --user 1000:1000; other groups allowed: none",
}

package rules.root_user_test

import rego.v2

import data.rules.root_user

test_deny_when_no_user_is_named if {
	root_user.deny == {{
		"field": "User",
		"msg": "the container would run as root (User is empty and an image's default is root)",
	}} with input as running_as({"kind": "absent", "value": "", "uid": null})
}

# Every spelling that the engine reads as uid 0.
test_deny_root_in_every_spelling if {
	every value in ["0", "root", "0:0", "0:1000", "00", "000000000000", "+0", "-0", ":1000", ":0"] {
		root_user.deny == {{
			"field": "User",
			"msg": $"the container would run as root (User is {value})",
		}} with input as running_as({"kind": "uid", "value": value, "uid": 0, "gid": 0, "group": "x"})
	}
}

test_deny_root_by_name if {
	count(root_user.deny) == 1 with input as running_as({"kind": "name", "value": "root", "uid": 0})
}

test_deny_a_negative_uid if {
	count(root_user.deny) == 1 with input as running_as({"value": "-1", "uid": -1})
}

test_deny_a_name if {
	root_user.deny == {{
		"field": "User",
		"msg": "the container may run as root (User is app, and not a plain number)",
	}} with input as running_as({"kind": "name", "value": "app", "uid": null})
}

test_deny_an_odd_spelling if {
	root_user.deny == {{
		"field": "User",
		"msg": "the container may run as root (User is +1000, and not a plain number)",
	}} with input as running_as({"kind": "odd", "value": "+1000"})
}

test_allow_another_user if {
	every user in [{}, {"value": "1000:1000", "gid": 1000, "group": "1000"}, {"value": "2147483647", "uid": 2147483647}] {
		root_user.deny == set() with input as running_as(user)
	}
}

test_allow_the_image_to_name_another_user if {
	root_user.deny == set() with input as without_a_user({"state": "found", "user": {"kind": "uid", "uid": 1000, "value": "1000"}})
	root_user.deny == set() with input as without_a_user({"state": "missing", "user": {"kind": "absent", "uid": null, "value": ""}})
}

test_deny_when_the_image_names_no_other_user if {
	every image in [{"kind": "uid", "uid": 0, "value": "0"}, {"kind": "name", "uid": null, "value": "app"}, {"kind": "odd", "uid": 1000, "value": "+1000"}] {
		{finding.msg | some finding in root_user.deny} == {$"the container would run as root (User is empty and the image's own user is {image.value})"} with input as without_a_user({"state": "found", "user": image})
	}
	count(root_user.deny) == 1 with input as without_a_user({"state": "found", "user": {"kind": "absent", "uid": null, "value": ""}})
}

# What the image says counts at create; the engine writes it into the container then.
test_deny_a_stored_container_without_a_user if {
	request := without_a_user({"state": "found", "user": {"kind": "uid", "uid": 1000, "value": "1000"}})
	count(root_user.deny) == 1 with input as object.union(request, {"operation": "ContainerStart"})
}

without_a_user(image) := object.union(running_as({"kind": "absent", "value": "", "uid": null}), {
	"container": {"image": {"value": "busybox"}},
	"facts": {"images": {"busybox": image}},
})

# running_as is a request for a container of the user 1000, changed by what is given.
running_as(changes) := {"operation": "ContainerCreate", "container": {"user": object.union(
	{"field": "User", "kind": "uid", "value": "1000", "uid": 1000, "gid": null, "group": ""},
	changes,
)}}

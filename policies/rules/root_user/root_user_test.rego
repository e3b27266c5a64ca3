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

test_deny_a_name_that_nobody_looks_up if {
	root_user.deny == {{
		"field": "User",
		"msg": "the container may run as root (User is app, and not a plain number)",
	}} with input as running_as(app)
}

test_allow_a_name_that_is_judged_at_the_start if {
	every request in [created_with({"state": "found"}), created_with({"state": "missing"}), without_a_user({"state": "found", "user": app})] {
		root_user.deny == set() with input as request with root_user.params as resolving
			with data.settings.enforcement as judged_at_start
		count(root_user.deny) == 1 with input as request with root_user.params as resolving
			with data.settings.enforcement as {"start_gate": "off", "root_user": "deny"}
	}
}

resolving := {"names": "resolve"}

judged_at_start := {"start_gate": "deny", "root_user": "deny"}

test_deny_a_name_where_names_are_refused if {
	every request in [created_with({"state": "found"}), started_as({"state": "found", "reason": "", "uid": 1000})] {
		count(root_user.deny) == 1 with input as request with root_user.params as {"names": "refuse"}
			with data.settings.enforcement as judged_at_start
	}
}

test_deny_a_name_that_is_root if {
	every uid in [0, -1] {
		root_user.deny == {{
			"field": "User",
			"msg": $"the container may run as root (User is app, which is uid {uid} in the container's /etc/passwd)",
		}} with input as started_as({"state": "found", "reason": "", "uid": uid})
	}
}

test_deny_a_name_that_cannot_be_told if {
	root_user.deny == {{
		"field": "User",
		"msg": "the container may run as root (User is app, and what that is cannot be told: no answer)",
	}} with input as started_as({"state": "unknown", "reason": "no answer", "uid": null})
}

test_allow_a_name_that_is_not_root if {
	root_user.deny == set() with input as started_as({"state": "found", "reason": "", "uid": 1000}) with root_user.params as resolving
}

# Only a container that is created here is started here.
test_deny_a_name_in_a_service if {
	count(root_user.deny) == 1 with input as object.union(created_with({"state": "found"}), {"operation": "ServiceCreate"})
		with root_user.params as resolving
		with data.settings.enforcement as judged_at_start
}

test_deny_when_params_are_missing if {
	count(root_user.deny) == 1 with input as created_with({"state": "found"}) with root_user.params as {}
		with data.settings.enforcement as judged_at_start
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
	every image in [{"kind": "uid", "uid": 0, "value": "0"}, {"kind": "name", "uid": 0, "name": "", "value": "root"}, {"kind": "odd", "uid": 1000, "value": "+1000"}] {
		{finding.msg | some finding in root_user.deny} == {$"the container would run as root (User is empty and the image's own user is {image.value})"} with input as without_a_user({"state": "found", "user": image})
	}
	count(root_user.deny) == 1 with input as without_a_user({"state": "found", "user": {"kind": "absent", "uid": null, "value": ""}})
}

# What the image says counts at create; the engine writes it into the container then.
test_deny_a_stored_container_without_a_user if {
	request := without_a_user({"state": "found", "user": {"kind": "uid", "uid": 1000, "value": "1000"}})
	count(root_user.deny) == 1 with input as object.union(request, {"operation": "ContainerStart"})
}

created_with(image) := object.union(without_a_user(image), running_as(app))

started_as(fact) := object.union(running_as(app), {"operation": "ContainerStart", "facts": {"users": {"app": fact}}})

app := {"kind": "name", "name": "app", "value": "app", "uid": null}

without_a_user(image) := object.union(running_as({"kind": "absent", "value": "", "uid": null}), {
	"container": {"image": {"value": "busybox"}},
	"facts": {"images": {"busybox": image}},
})

# running_as is a request for a container of the user 1000, changed by what is given.
running_as(changes) := {"operation": "ContainerCreate", "container": {"user": object.union(
	{"field": "User", "kind": "uid", "value": "1000", "uid": 1000, "gid": null, "group": ""},
	changes,
)}}

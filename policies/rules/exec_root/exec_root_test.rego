package rules.exec_root_test

import rego.v2

import data.rules.exec_root

# Every spelling that the engine reads as uid 0.
test_deny_root_in_every_spelling if {
	every value, kind in {
		"0": "uid",
		"root": "name",
		"0:0": "uid",
		"0:1000": "uid",
		"00": "odd",
		"+0": "odd",
		"-0": "odd",
		":1000": "name",
	} {
		exec_root.deny == {{
			"field": "User",
			"msg": $"the command would run as root (User is {value})",
		}} with input as running_as({"kind": kind, "value": value, "uid": 0})
	}
}

test_deny_a_negative_uid if {
	exec_root.deny == {{
		"field": "User",
		"msg": "the command would run as root (User is -1)",
	}} with input as running_as({"kind": "odd", "value": "-1", "uid": -1})
}

test_deny_a_name_or_an_odd_spelling if {
	every value, user in {"app": {"kind": "name", "name": "app", "uid": null}, "+1000": {"kind": "odd", "uid": 1000}} {
		exec_root.deny == {{
			"field": "User",
			"msg": $"the command may run as root (User is {value}, and not a plain number)",
		}} with input as running_as(object.union(user, {"value": value}))
	}
}

test_deny_a_name_that_is_root_or_cannot_be_told if {
	every doubt, fact in {
		"which is uid 0 in the container's /etc/passwd": {"state": "found", "reason": "", "uid": 0},
		"and what that is cannot be told: no answer": {"state": "unknown", "reason": "no answer", "uid": null},
	} {
		exec_root.deny == {{
			"field": "User",
			"msg": $"the command may run as root (User is app, {doubt})",
		}} with input as object.union(running_as(app), {"facts": {"users": {"app": fact}}})
		exec_root.deny == {{
			"field": "User",
			"msg": $"the command would run as root (User is empty and the container's own user is app, {doubt})",
		}} with input as object.union(inside({"state": "found", "user": app}), {"facts": {"users": {"app": fact}}})
	}
	count(exec_root.deny) == 1 with input as inside({"state": "found", "user": app})
}

test_allow_a_name_that_is_not_root if {
	fact := {"users": {"app": {"state": "found", "reason": "", "uid": 1000}}}
	every request in [object.union(running_as(app), {"facts": fact}), object.union(inside({"state": "found", "user": app}), {"facts": fact})] {
		allowed(request) with data.rules.root_user.params as {"names": "resolve"}
		not allowed(request)
	}
}

app := {"kind": "name", "name": "app", "value": "app", "uid": null}

test_deny_a_kind_that_nobody_knows if {
	count(exec_root.deny) == 1 with input as running_as({"kind": "new"})
}

test_allow_another_user if {
	allowed(running_as({}))
	allowed(running_as({"value": "1000:1000"}))
}

test_allow_the_user_of_the_container if {
	allowed(running_as({"kind": "absent", "value": "", "uid": null}))
	allowed({"operation": "ExecStart", "exec": null})
}

test_deny_the_user_of_a_container_of_root if {
	every value, user in {"": {"kind": "absent", "uid": null, "name": ""}, "root": {"kind": "name", "uid": 0, "name": ""}, "0": {"kind": "uid", "uid": 0, "name": ""}} {
		own := object.get({"": "root"}, value, value)
		exec_root.deny == {{
			"field": "User",
			"msg": $"the command would run as root (User is empty and the container's own user is {own})",
		}} with input as inside({"state": "found", "user": object.union(user, {"value": value})})
	}
	count(exec_root.deny) == 1 with input as inside({"state": "found", "user": {"kind": "odd", "uid": 1000, "value": "+1000", "name": ""}})
}

test_allow_the_user_of_a_container_of_another if {
	allowed(inside({"state": "found", "user": {"kind": "uid", "uid": 1000, "value": "1000"}}))
	allowed(inside({"state": "missing", "user": {"kind": "absent", "uid": null, "value": ""}}))
	allowed(object.union(inside({"state": "found", "user": {"kind": "absent", "uid": null, "value": ""}}), running_as({})))
}

inside(container) := object.union(running_as({"kind": "absent", "value": "", "uid": null}), {
	"object": "web",
	"facts": {"containers": {"web": container}},
})

allowed(request) if exec_root.deny == set() with input as request

# running_as is a request to run a command as the user 1000, changed by what is given.
running_as(changes) := {"operation": "ContainerExec", "exec": {"user": object.union(
	{"field": "User", "kind": "uid", "value": "1000", "uid": 1000},
	changes,
)}}

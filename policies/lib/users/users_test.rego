package lib.users_test

import rego.v2

import data.lib.users

test_root if {
	every uid in [0, -1] {
		users.root(input.container.user) with input as user({"uid": uid})
	}
	every uid in [1, null] {
		not users.root(input.container.user) with input as user({"uid": uid})
	}
}

test_another_by_number if {
	another(user({"kind": "uid", "uid": 1000}))
	not another(user({"kind": "uid", "uid": 0}))
	not another(user({"kind": "odd", "uid": 1000}))
}

test_another_by_name if {
	another(known({"uid": 1000}))
	not another(known({"uid": 0}))
	not another(known({"uid": null}))
	not another(user(app))
	not another(object.union(known({"uid": 1000}), user({"name": "root"})))
	not another(object.union(known({"uid": 1000}), user({"kind": "odd"})))
	not another(object.union(known({"uid": 1000}), {"container": {"user": {"name": ""}}, "facts": {"users": {"": {"uid": 1000}}}}))
	every params in [{"names": "refuse"}, {}] {
		not another_under(known({"uid": 1000}), params)
	}
}

test_another_at_the_start if {
	another_then(created)
	not another_then(object.union(created, {"operation": "ContainerStart"}))
	not another_then(object.union(created, {"facts": {"images": {"busybox": {"state": "unknown"}}}}))
	not another_then(object.union(created, user({"kind": "odd"})))
	not another_under(created, {"names": "refuse"}) with data.settings.enforcement as {"start_gate": "deny", "root_user": "deny"}
}

another_then(request) if another(request) with data.settings.enforcement as {"start_gate": "deny", "root_user": "deny"}

# A name that would not be judged at the start is judged now.
test_another_at_the_start_if_that_is_judged if {
	every gate in ["dryrun", "off"] {
		not another(created) with data.settings.enforcement as {"start_gate": gate, "root_user": "deny"}
	}
	not another(created) with data.settings.enforcement as {}
	another(created) with data.settings.enforcement as {"start_gate": "dryrun", "root_user": "dryrun"}
}

test_what if {
	what({}) == "and not a plain number"
	what({"facts": {"users": {"app": {"reason": "", "uid": 0}}}}) == "which is uid 0 in the container's /etc/passwd"
	what({"facts": {"users": {"app": {"reason": "no answer"}}}}) == "and what that is cannot be told: no answer"
}

what(more) := text if {
	text := users.what(input.container.user) with input as object.union(user(app), more)
}

another(request) if another_under(request, {"names": "resolve"})

another_under(request, params) if {
	users.another(input.container.user) with input as request with data.rules.root_user.params as params
}

known(fact) := object.union(user(app), {"facts": {"users": {"app": fact}}})

created := object.union(user(app), {
	"operation": "ContainerCreate",
	"container": {"image": {"value": "busybox"}},
	"facts": {"images": {"busybox": {"state": "found"}}},
})

user(changes) := {"container": {"user": changes}}

app := {"kind": "name", "name": "app", "uid": null}

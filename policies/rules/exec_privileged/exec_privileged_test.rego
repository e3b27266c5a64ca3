package rules.exec_privileged_test

import rego.v2

import data.rules.exec_privileged

test_deny_when_privileged if {
	exec_privileged.deny == {{
		"field": "Privileged",
		"msg": "the command would have every capability (Privileged is true)",
	}} with input as request(true)
}

test_allow_when_not_privileged if {
	exec_privileged.deny == set() with input as request(false)
}

test_allow_when_the_request_has_no_command if {
	exec_privileged.deny == set() with input as {"operation": "ContainerExec", "exec": null}
}

request(value) := {
	"operation": "ContainerExec",
	"exec": {"privileged": {"value": value, "field": "Privileged"}},
}

package rules.no_new_privileges_test

import rego.v2

import data.rules.no_new_privileges

test_deny_when_not_switched_on if {
	every value in ["", "false"] {
		no_new_privileges.deny == {{
			"field": "HostConfig.SecurityOpt",
			"msg": "programs could become root with setuid (HostConfig.SecurityOpt lacks no-new-privileges)",
		}} with input as request("ContainerCreate", value)
	}
}

test_deny_in_a_service if {
	no_new_privileges.deny == {{
		"field": "TaskTemplate.ContainerSpec.Privileges",
		"msg": "programs could become root with setuid (TaskTemplate.ContainerSpec.Privileges lacks NoNewPrivileges)",
	}} with input as request("ServiceCreate", "")
}

test_allow_when_switched_on if {
	no_new_privileges.deny == set() with input as request("ContainerCreate", "true")
	no_new_privileges.deny == set() with input as request("ServiceCreate", "true")
}

test_allow_a_request_without_a_container if {
	no_new_privileges.deny == set() with input as {"operation": "ContainerStart", "container": null}
}

request(operation, value) := {
	"operation": operation,
	"container": {"security": {"no_new_privileges": {"value": value}}},
}

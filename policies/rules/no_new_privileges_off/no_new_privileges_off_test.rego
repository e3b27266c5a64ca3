package rules.no_new_privileges_off_test

import rego.v2

import data.rules.no_new_privileges_off

test_deny_each_entry_that_switches_it_off if {
	no_new_privileges_off.deny == {
		{
			"field": "HostConfig.SecurityOpt[0]",
			"msg": "the container's programs could gain new privileges (HostConfig.SecurityOpt[0] is no-new-privileges=0)",
		},
		{
			"field": "HostConfig.SecurityOpt[2]",
			"msg": "the container's programs could gain new privileges (HostConfig.SecurityOpt[2] is no-new-privileges:false)",
		},
	} with input as request("false", [
		{"value": "no-new-privileges=0", "field": "HostConfig.SecurityOpt[0]"},
		{"value": "no-new-privileges:false", "field": "HostConfig.SecurityOpt[2]"},
	])
}

test_deny_even_when_a_later_entry_switches_it_on if {
	count(no_new_privileges_off.deny) == 1 with input as request("true", [{"value": "no-new-privileges=false", "field": "HostConfig.SecurityOpt[0]"}])
}

test_allow_it_on_and_not_stated if {
	every value in ["", "true"] {
		no_new_privileges_off.deny == set() with input as request(value, [])
	}
}

test_allow_a_request_without_a_container if {
	no_new_privileges_off.deny == set() with input as {"operation": "ContainerStart", "container": null}
}

request(value, off) := {"operation": "ContainerCreate", "container": {"security": {"no_new_privileges": {
	"value": value,
	"off": off,
	"field": "HostConfig.SecurityOpt[0]",
}}}}

package rules.writable_cgroups_test

import rego.v2

import data.rules.writable_cgroups

test_deny_when_writable if {
	writable_cgroups.deny == {{
		"field": "HostConfig.SecurityOpt[0]",
		"msg": "the container could change its own cgroups",
	}} with input as request(true)
}

test_allow_when_not_writable if {
	writable_cgroups.deny == set() with input as request(false)
}

test_allow_a_request_without_a_container if {
	writable_cgroups.deny == set() with input as {"operation": "ContainerStart", "container": null}
}

request(value) := {"operation": "ContainerCreate", "container": {"security": {"writable_cgroups": {
	"value": value,
	"field": "HostConfig.SecurityOpt[0]",
}}}}

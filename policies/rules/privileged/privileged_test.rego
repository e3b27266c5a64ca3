package rules.privileged_test

import rego.v2

import data.rules.privileged

test_deny_when_privileged if {
	privileged.deny == {{
		"field": "HostConfig.Privileged",
		"msg": "the container would have all of the host's powers (HostConfig.Privileged is true)",
	}} with input as request(true)
}

test_allow_when_not_privileged if {
	privileged.deny == set() with input as request(false)
}

test_allow_when_the_request_has_no_container if {
	privileged.deny == set() with input as {"operation": "ContainerStart", "container": null}
}

request(value) := {
	"operation": "ContainerCreate",
	"container": {"privileged": {"value": value, "field": "HostConfig.Privileged"}},
}

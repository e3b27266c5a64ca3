package rules.healthcheck_test

import rego.v2

import data.rules.healthcheck

test_deny_when_switched_off if {
	healthcheck.deny == {{
		"field": "Healthcheck",
		"msg": "nobody would notice that the container stopped working (Healthcheck is NONE)",
	}} with input as request({"disabled": true, "set": false})
}

test_allow_a_check_and_what_the_image_says if {
	every set in [true, false] {
		healthcheck.deny == set() with input as request({"disabled": false, "set": set})
	}
}

test_allow_a_request_without_a_container if {
	healthcheck.deny == set() with input as {"operation": "ContainerStart", "container": null}
}

request(check) := {
	"operation": "ContainerCreate",
	"container": {"healthcheck": object.union(check, {"field": "Healthcheck"})},
}

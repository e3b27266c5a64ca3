package rules.publish_all_test

import rego.v2

import data.rules.publish_all

test_deny_when_all_are_published if {
	publish_all.deny == {{
		"field": "HostConfig.PublishAllPorts",
		"msg": "every port that the image names would be published (HostConfig.PublishAllPorts is true)",
	}} with input as request(true)
}

test_allow_when_not if {
	publish_all.deny == set() with input as request(false)
}

test_allow_a_request_without_a_container if {
	publish_all.deny == set() with input as {"operation": "ContainerStart", "container": null}
}

request(value) := {"operation": "ContainerCreate", "container": {"publish_all": {"value": value, "field": "HostConfig.PublishAllPorts"}}}

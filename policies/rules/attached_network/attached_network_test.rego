package rules.attached_network_test

import rego.v2

import data.rules.attached_network

test_deny_a_network_of_another_driver if {
	every driver in ["macvlan", "ipvlan", "overlay", "evil/driver:latest", "Bridge"] {
		attached_network.deny == {{
			"field": "HostConfig.NetworkMode",
			"msg": $"the container would be on the network lan, which uses the driver {driver}",
			"fix": "use a network of an allowed driver: bridge",
		}} with input as attached(driver)
	}
}

test_allow_what_network_driver_allows if {
	attached_network.deny == set() with input as attached("bridge")
	attached_network.deny == set() with input as attached("macvlan") with data.rules.network_driver.params as {"allowed": ["macvlan"]}
	some finding in attached_network.deny with input as attached("bridge") with data.rules.network_driver.params as {}
	finding.fix == "use a network of an allowed driver: none"
}

test_allow_what_others_judge if {
	every driver in ["", "host", "null"] {
		attached_network.deny == set() with input as attached(driver)
	}
}

test_allow_a_request_that_attaches_nothing if {
	attached_network.deny == set() with input as {"operation": "ContainerCreate", "endpoints": [], "facts": {"networks": {}}}
}

attached(driver) := {
	"operation": "ContainerCreate",
	"endpoints": [{"network": "front", "field": "x"}, {"network": "lan", "field": "HostConfig.NetworkMode"}],
	"facts": {"networks": {"lan": {"driver": driver}}},
}

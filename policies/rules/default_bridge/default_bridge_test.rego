package rules.default_bridge_test

import rego.v2

import data.rules.default_bridge

test_deny_the_default_network if {
	every mode in ["", "default", "bridge"] {
		default_bridge.deny == {{
			"field": "HostConfig.NetworkMode",
			"msg": "the container would be on the default network, where it meets all others",
		}} with input as request(mode, [mode])
	}
}

test_deny_the_default_network_beside_another if {
	default_bridge.deny == {{
		"field": "NetworkingConfig.EndpointsConfig[1]",
		"msg": "the container would be on the default network as well",
	}} with input as request("network", ["front", "bridge"])
}

test_deny_joining_the_default_network if {
	default_bridge.deny == {{
		"field": "EndpointConfig",
		"msg": "the container would be on the default network as well",
	}} with input as {
		"operation": "NetworkConnect",
		"container": null,
		"endpoints": [{"network": "bridge", "field": "EndpointConfig"}],
	}
}

test_allow_other_networks if {
	every mode in ["network", "none", "container", "host"] {
		default_bridge.deny == set() with input as request(mode, ["front", "back"])
	}
}

test_allow_a_request_without_a_container if {
	default_bridge.deny == set() with input as {"operation": "ContainerStart", "container": null, "endpoints": []}
}

request(mode, networks) := {
	"operation": "ContainerCreate",
	"container": {"namespaces": {"network": {"mode": mode, "field": "HostConfig.NetworkMode"}}},
	"endpoints": [{"network": network, "field": $"NetworkingConfig.EndpointsConfig[{i}]"} | some i, network in networks],
}

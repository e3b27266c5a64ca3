package rules.network_options_test

import rego.v2

import data.rules.network_options

test_deny_any_other_option if {
	every name in [
		"parent",
		"com.docker.network.bridge.name",
		"com.docker.network.bridge.gateway_mode_ipv4",
		"com.docker.network.bridge.trusted_host_interfaces",
		"com.docker.network.bridge.enable_icc",
		"COM.DOCKER.NETWORK.DRIVER.MTU",
	] {
		network_options.deny == {{
			"field": $"Options[{name}]",
			"msg": $"the network's driver would be given the option {name}",
			"fix": "leave it out; allowed options: com.docker.network.driver.mtu",
		}} with input as with_option(name)
	}
}

test_allow_an_allowed_option if {
	allowed(with_option("com.docker.network.driver.mtu"))
	allowed(with_option("parent")) with network_options.params as {"allowed": ["x", "parent"]}
}

test_deny_when_params_are_missing if {
	network_options.deny == {{
		"field": "Options[com.docker.network.driver.mtu]",
		"msg": "the network's driver would be given the option com.docker.network.driver.mtu",
		"fix": "leave it out; allowed options: ",
	}} with input as with_option("com.docker.network.driver.mtu") with network_options.params as {}
}

test_allow_a_network_without_options if {
	allowed({"operation": "NetworkCreate", "network": {"options": []}})
	allowed({"operation": "NetworkCreate", "network": null})
}

allowed(request) if network_options.deny == set() with input as request

with_option(name) := {
	"operation": "NetworkCreate",
	"network": {"options": [{"name": name, "value": "1500", "field": $"Options[{name}]"}]},
}

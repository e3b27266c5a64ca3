package rules.endpoint_options_test

import rego.v2

import data.rules.endpoint_options

test_deny_any_other_option if {
	every name in ["com.docker.network.endpoint.dnsservers", "com.docker.network.portmap", "com.docker.network.endpoint.IFNAME"] {
		endpoint_options.deny == {{
			"field": $"EndpointConfig.DriverOpts[{name}]",
			"msg": $"the driver of the network front would be given the option {name}",
			"fix": "leave it out; allowed options: com.docker.network.endpoint.ifname",
		}} with input as with_option(name)
	}
}

test_deny_in_the_second_endpoint if {
	request := {"endpoints": array.concat([without], with_option("com.docker.network.portmap").endpoints)}
	count(endpoint_options.deny) == 1 with input as request
}

test_allow_an_allowed_option if {
	allowed(with_option("com.docker.network.endpoint.ifname"))
	allowed(with_option("x")) with endpoint_options.params as {"allowed": ["y", "x"]}
}

test_kernel_parameters_are_left_to_another_rule if {
	allowed(with_option("com.docker.network.endpoint.sysctls"))
}

test_deny_when_params_are_missing if {
	endpoint_options.deny == {{
		"field": "EndpointConfig.DriverOpts[com.docker.network.endpoint.ifname]",
		"msg": "the driver of the network front would be given the option com.docker.network.endpoint.ifname",
		"fix": "leave it out; allowed options: ",
	}} with input as with_option("com.docker.network.endpoint.ifname") with endpoint_options.params as {}
}

test_allow_endpoints_without_options if {
	allowed({"operation": "ContainerCreate", "endpoints": [without]})
	allowed({"operation": "ContainerStart", "endpoints": []})
}

allowed(request) if endpoint_options.deny == set() with input as request

without := {"network": "back", "driver_options": []}

with_option(name) := {
	"operation": "NetworkConnect",
	"endpoints": [{
		"network": "front",
		"driver_options": [{"name": name, "value": "x", "field": $"EndpointConfig.DriverOpts[{name}]"}],
	}],
}

package rules.network_driver_test

import rego.v2

import data.rules.network_driver

test_deny_another_driver if {
	every driver in ["macvlan", "ipvlan", "overlay", "host", "evil/driver:latest", "Bridge", "bridge "] {
		network_driver.deny == {{
			"field": "Driver",
			"msg": $"the network would use the driver {driver}",
			"fix": "use a driver that is allowed: bridge",
		}} with input as creating({"driver": driver})
	}
}

test_allow_a_bridge if {
	every driver in ["", "bridge"] {
		allowed(creating({"driver": driver, "ipam_driver": "default", "scope": "local", "attachable": true}))
	}
}

test_allow_an_allowed_driver if {
	allowed(creating({"driver": "overlay"})) with network_driver.params as {"allowed": ["macvlan", "overlay"]}
}

test_deny_when_params_are_missing if {
	network_driver.deny == {{
		"field": "Driver",
		"msg": "the network would use the driver bridge",
		"fix": "use a driver that is allowed: ",
	}} with input as creating({"driver": "bridge"}) with network_driver.params as {}
	allowed(creating({})) with network_driver.params as {}
}

test_deny_another_address_manager if {
	network_driver.deny == {{
		"field": "IPAM.Driver",
		"msg": "addresses would be managed by the plugin evil-ipam",
	}} with input as creating({"ipam_driver": "evil-ipam"})
}

test_deny_options_of_the_address_manager if {
	network_driver.deny == {{
		"field": `IPAM.Options["secret"]`,
		"msg": "the address manager would be given the option secret",
	}} with input as creating({"ipam_options": [{"name": "secret", "value": "hunter2", "field": `IPAM.Options["secret"]`}]})
}

test_deny_another_scope if {
	every scope in ["swarm", "global", "Local"] {
		network_driver.deny == {{
			"field": "Scope",
			"msg": $"the network would have the scope {scope}",
		}} with input as creating({"scope": scope})
	}
}

test_deny_settings_of_another_network if {
	network_driver.deny == {{
		"field": "ConfigFrom.Network",
		"msg": "the network would be set up like lan",
	}} with input as creating({"config_from": "lan"})
}

test_deny_a_network_of_settings if {
	network_driver.deny == {{
		"field": "ConfigOnly",
		"msg": "the network would only hold settings for others",
	}} with input as creating({"config_only": true})
}

test_deny_the_ingress_network if {
	network_driver.deny == {{
		"field": "Ingress",
		"msg": "the network would become the swarm's ingress network",
	}} with input as creating({"ingress": true})
}

test_deny_an_attachable_network_of_a_swarm if {
	network_driver.deny == {{
		"field": "Attachable",
		"msg": "any container could join this network of a swarm",
	}} with input as creating({"driver": "overlay", "attachable": true})
		with network_driver.params as {"allowed": ["overlay"]}
}

test_allow_what_says_nothing if {
	allowed(creating({}))
	allowed({"operation": "NetworkCreate", "network": null})
}

allowed(request) if network_driver.deny == set() with input as request

# creating is a request for a network of which nothing is stated but what is given.
creating(stated) := {"operation": "NetworkCreate", "network": object.union(
	{name: {"value": object.get(stated, name, zero), "field": field} |
		some name, [field, zero] in {
			"driver": ["Driver", ""],
			"ipam_driver": ["IPAM.Driver", ""],
			"attachable": ["Attachable", false],
			"ingress": ["Ingress", false],
			"config_from": ["ConfigFrom.Network", ""],
			"config_only": ["ConfigOnly", false],
			"scope": ["Scope", ""],
		}
	},
	{"ipam_options": object.get(stated, "ipam_options", []), "options": []},
)}

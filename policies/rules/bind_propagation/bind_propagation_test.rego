package rules.bind_propagation_test

import rego.v2

import data.rules.bind_propagation

test_deny_propagation if {
	every propagation in ["shared", "rshared", "slave", "rslave", "Private", "x"] {
		bind_propagation.deny == {{
			"field": "HostConfig.Binds[0]",
			"msg": $"mounts would be passed on between the host and /x: propagation {propagation}",
		}} with input as mounting(propagation)
	}
}

test_allow_no_propagation if {
	every propagation in ["", "private", "rprivate"] {
		bind_propagation.deny == set() with input as mounting(propagation)
	}
}

test_allow_no_mounts if {
	bind_propagation.deny == set() with input as {"operation": "ContainerCreate", "container": {"mounts": []}}
}

test_allow_a_request_without_a_container if {
	bind_propagation.deny == set() with input as {"operation": "ContainerStart", "container": null}
}

mounting(propagation) := {"operation": "ContainerCreate", "container": {"mounts": [{
	"field": "HostConfig.Binds[0]",
	"type": "bind",
	"source": "/srv",
	"target": "/x",
	"propagation": propagation,
}]}}

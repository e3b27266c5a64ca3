package rules.host_interface_test

import rego.v2

import data.rules.host_interface

test_deny_every_interface if {
	every ip in ["", "0.0.0.0", "::", "::ffff:0.0.0.0", "::1%lo", "fe80::1%eth0"] {
		host_interface.deny == {{
			"field": "HostConfig.PortBindings[0]",
			"msg": "port 80 would be open on every interface of the host",
		}} with input as publishing([ip])
	}
}

test_deny_each_port if {
	count(host_interface.deny) == 2 with input as publishing(["127.0.0.1", "", "0.0.0.0"])
}

test_allow_one_interface if {
	host_interface.deny == set() with input as publishing(["127.0.0.1", "::1", "192.0.2.7"])
}

test_allow_no_ports if {
	host_interface.deny == set() with input as publishing([])
	host_interface.deny == set() with input as {"operation": "ContainerStart", "container": null}
}

publishing(ips) := {
	"operation": "ContainerCreate",
	"container": {"ports": [
	{"host_ip": ip, "container_port": 80, "field": $"HostConfig.PortBindings[{i}]"} |
		some i, ip in ips
	]},
}

package rules.host_ports_test

import rego.v2

import data.rules.host_ports

test_deny_privileged_ports if {
	every port in [1, 22, 80, 443, 1023] {
		host_ports.deny == {finding($"port {port}", "1024")} with input as publishing(port, port)
	}
}

test_deny_a_range_that_starts_below if {
	host_ports.deny == {finding("a port of 80-8080", "1024")} with input as publishing(80, 8080)
	host_ports.deny == {finding("a port of 0-80", "1024")} with input as publishing(0, 80)
}

test_deny_what_is_no_port if {
	host_ports.deny == {{
		"field": "HostConfig.PortBindings[\"8443/tcp\"][0]",
		"msg": "what would be published is not a port of the host",
		"fix": "use a port from 1024 up, e.g. -p 8080:8443",
	}} with input as publishing(-1, -1)
}

test_allow_high_ports if {
	every port in [1024, 8080, 65535] {
		host_ports.deny == set() with input as publishing(port, port)
	}
	host_ports.deny == set() with input as publishing(1024, 1030)
}

test_allow_a_port_that_the_engine_picks if {
	host_ports.deny == set() with input as publishing(0, 0)
}

test_allow_what_the_settings_allow if {
	host_ports.deny == set() with input as publishing(80, 90) with host_ports.params as {"minimum": 80}
	host_ports.deny == {finding("port 79", "80")} with input as publishing(79, 79) with host_ports.params as {"minimum": 80}
}

test_deny_when_params_are_missing if {
	host_ports.deny == {finding("port 8080", "<undefined>")} with input as publishing(8080, 8080) with host_ports.params as {}
}

test_allow_no_ports if {
	host_ports.deny == set() with input as {"operation": "ContainerCreate", "container": {"ports": []}}
}

test_allow_a_request_without_a_container if {
	host_ports.deny == set() with input as {"operation": "ContainerStart", "container": null}
}

publishing(first, last) := {"operation": "ContainerCreate", "container": {"ports": [{
	"host_ip": "127.0.0.1",
	"host_first": first,
	"host_last": last,
	"container_port": 8443,
	"protocol": "tcp",
	"field": "HostConfig.PortBindings[\"8443/tcp\"][0]",
}]}}

finding(port, minimum) := {
	"field": "HostConfig.PortBindings[\"8443/tcp\"][0]",
	"msg": $"{port} of the host would be published",
	"fix": $"use a port from {minimum} up, e.g. -p 8080:8443",
}

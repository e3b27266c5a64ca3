package rules.sysctls_test

import rego.v2

import data.rules.sysctls

test_deny_what_is_not_safe if {
	every name in [
		"net.ipv4.ip_forward", "kernel.msgmax", "net/ipv4/tcp_syncookies", "net.ipv4.tcp_syncookies ", "Net.ipv4.tcp_syncookies",
		"net.ipv4", "net.ipv4.tcp_syncookies.x", "",
	] {
		{finding.msg | some finding in sysctls.deny} == {$"{name} would be set"} with input as setting(name)
	}
}

test_deny_saying_what_is_allowed if {
	sysctls.deny == {{
		"field": "HostConfig.Sysctls[\"kernel.msgmax\"]",
		"msg": "kernel.msgmax would be set",
		"fix": "leave --sysctl out; allowed: kernel.sem, net.ipv4.ip_forward",
	}} with input as setting("kernel.msgmax") with sysctls.params as settings
}

test_deny_sysctls_of_a_network_interface if {
	every operation in ["ContainerCreate", "NetworkConnect"] {
		sysctls.deny == {{
			"field": "EndpointConfig.DriverOpts[1]",
			"msg": "com.docker.network.endpoint.sysctls would be set",
			"fix": "leave --sysctl out; allowed: kernel.sem, net.ipv4.ip_forward",
		}} with input as connecting(operation) with sysctls.params as settings
	}
}

test_allow_what_pod_security_standards_call_safe if {
	every name in [
		"kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.ip_local_reserved_ports",
		"net.ipv4.ip_unprivileged_port_start", "net.ipv4.ping_group_range", "net.ipv4.tcp_fin_timeout",
		"net.ipv4.tcp_keepalive_intvl", "net.ipv4.tcp_keepalive_probes", "net.ipv4.tcp_keepalive_time",
		"net.ipv4.tcp_rmem", "net.ipv4.tcp_syncookies", "net.ipv4.tcp_wmem",
	] {
		sysctls.deny == set() with input as setting(name)
	}
}

test_allow_what_the_settings_allow if {
	sysctls.deny == set() with input as setting("net.ipv4.ip_forward") with sysctls.params as settings
	sysctls.deny == set() with input as connecting("NetworkConnect")
		with sysctls.params as {"allowed": ["com.docker.network.endpoint.sysctls"]}
}

test_deny_when_params_are_missing if {
	sysctls.deny == {{
		"field": "HostConfig.Sysctls[\"net.ipv4.tcp_syncookies\"]",
		"msg": "net.ipv4.tcp_syncookies would be set",
		"fix": "leave --sysctl out; allowed: none",
	}} with input as setting("net.ipv4.tcp_syncookies") with sysctls.params as {}
}

test_allow_no_sysctls if {
	sysctls.deny == set() with input as {"operation": "ContainerCreate", "container": {"sysctls": []}, "endpoints": []}
}

test_allow_a_request_without_a_container if {
	sysctls.deny == set() with input as {"operation": "ContainerStart", "container": null, "endpoints": []}
}

settings := {"allowed": ["kernel.sem", "net.ipv4.ip_forward"]}

setting(name) := {
	"operation": "ContainerCreate",
	"container": {"sysctls": [{"name": name, "value": "1", "field": $"HostConfig.Sysctls[\"{name}\"]"}]},
	"endpoints": [],
}

connecting(operation) := {"operation": operation, "container": null, "endpoints": [{"network": "front", "driver_options": [
	{"name": "com.docker.network.endpoint.ifname", "value": "eth1", "field": "EndpointConfig.DriverOpts[0]"},
	{
		"name": "com.docker.network.endpoint.sysctls",
		"value": "net.ipv4.conf.IFNAME.forwarding=1",
		"field": "EndpointConfig.DriverOpts[1]",
	},
]}]}

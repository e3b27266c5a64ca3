package rules.network_subnet_test

import rego.v2

import data.rules.network_subnet

test_deny_what_is_not_for_private_use if {
	network_subnet.deny == {{
		"field": "IPAM.Config[0].Subnet",
		"msg": "the host would reach 8.8.8.0/24 through this network",
		"fix": "leave --subnet out, or choose one of: 10.0.0.0/8, 172.16.0.0/12",
	}} with input as creating("8.8.8.0/24") with network_subnet.params as {"allowed": ["10.0.0.0/8", "172.16.0.0/12"]}
	every subnet in ["169.254.169.252/30", "0.0.0.0/0", "10.0.0.0/7", "127.0.0.0/8", "224.0.0.0/4", "2001:db8::/32", "fe80::/10", "::/0"] {
		count(network_subnet.deny) == 1 with input as creating(subnet)
	}
}

test_deny_when_params_are_missing if {
	{finding.fix | some finding in network_subnet.deny} == {"leave --subnet out, or choose one of: none"} with input as creating("10.0.0.0/8") with network_subnet.params as {}
}

test_allow_what_is_for_private_use if {
	every subnet in ["10.99.20.0/24", "10.0.0.0/8", "172.31.255.0/28", "192.168.1.0/24", "fd00:1::/64"] {
		network_subnet.deny == set() with input as creating(subnet)
	}
	network_subnet.deny == set() with input as {"operation": "NetworkCreate", "network": {"subnets": []}}
}

creating(subnet) := {"operation": "NetworkCreate", "network": {"subnets": [{"value": subnet, "field": "IPAM.Config[0].Subnet"}]}}

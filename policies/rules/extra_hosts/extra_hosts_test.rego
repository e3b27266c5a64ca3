package rules.extra_hosts_test

import rego.v2

import data.rules.extra_hosts

test_deny_entries_for_etc_hosts if {
	extra_hosts.deny == {{
		"field": "HostConfig.ExtraHosts[0]",
		"msg": "the container would have hub:203.0.113.9 in its /etc/hosts",
	}} with input as {"container": {"extra_hosts": [{"value": "hub:203.0.113.9", "field": "HostConfig.ExtraHosts[0]"}]}}
}

test_deny_name_servers if {
	extra_hosts.deny == {{
		"field": "HostConfig.Dns[0]",
		"msg": "the container would ask the name server 203.0.113.9",
	}} with input as {"container": {"dns": [{"value": "203.0.113.9", "field": "HostConfig.Dns[0]"}]}}
}

test_deny_links if {
	extra_hosts.deny == {{
		"field": "HostConfig.Links[0]",
		"msg": "the container would be linked to db:db",
	}} with input as {"container": {"links": [{"value": "db:db", "field": "HostConfig.Links[0]"}]}}
}

test_deny_links_on_a_network if {
	extra_hosts.deny == {{
		"field": "EndpointConfig.Links",
		"msg": "the container would be linked to db",
	}} with input as {"endpoints": [{"links": []}, {"links": ["db"], "field": "EndpointConfig"}]}
}

test_allow_none if {
	extra_hosts.deny == set() with input as {
		"operation": "ContainerCreate",
		"container": {"extra_hosts": [], "dns": [], "links": []},
		"endpoints": [{"links": []}],
	}
	extra_hosts.deny == set() with input as {"operation": "ContainerStart", "container": null, "endpoints": []}
}

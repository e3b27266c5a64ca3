package rules.plugin_installation_test

import rego.v2

import data.rules.plugin_installation

test_deny_every_change_of_plugins if {
	every operation, verb in {
		"PluginPull": "installed",
		"PluginCreate": "created",
		"PluginEnable": "switched on",
		"PluginUpgrade": "replaced",
		"PluginSet": "changed",
		"GetPluginPrivileges": "looked up in its registry",
		"PluginPush": "sent to its registry",
	} {
		plugin_installation.deny == {{
			"field": "path",
			"msg": $"the plugin vieux/sshfs would be {verb}",
		}} with input as request(operation, "vieux/sshfs", "")
	}
}

test_name_where_the_plugin_comes_from if {
	plugin_installation.deny == {{
		"field": "path",
		"msg": "the plugin evil.example/x would be installed",
	}} with input as request("PluginPull", "vieux/sshfs", "evil.example/x")
}

test_deny_what_has_no_name_and_no_verb if {
	count(plugin_installation.deny) == 1 with input as {"operation": "PluginPurge", "plugin": null}
}

request(operation, name, remote) := {
	"operation": operation,
	"plugin": {"name": name, "remote": {"value": remote, "field": "remote"}},
}

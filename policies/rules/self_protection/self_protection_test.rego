package rules.self_protection_test

import rego.v2

import data.rules.self_protection

test_deny_any_plugin if {
	every operation, verb in {
		"PluginDisable": "disabled",
		"PluginDelete": "removed",
		"PluginUpgrade": "replaced",
		"PluginSet": "changed",
	} {
		every name in ["bulwark", "bulwark:latest", "alias", "0c3f2b", "vieux/sshfs"] {
			self_protection.deny == {{
				"field": "name",
				"msg": $"the plugin {name} may be Bulwark under another name, and would be {verb}",
			}} with input as {"operation": operation, "object": name}
		}
	}
}

test_deny_an_operation_without_a_verb if {
	count(self_protection.deny) == 1 with input as {"operation": "PluginPurge", "object": "bulwark"}
}

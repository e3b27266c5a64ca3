package rules.self_protection_test

import rego.v2

import data.rules.self_protection

verbs := {
	"PluginDisable": "disabled",
	"PluginDelete": "removed",
	"PluginUpgrade": "replaced",
	"PluginSet": "changed",
}

test_deny_any_plugin_that_was_not_looked_up if {
	every operation, verb in verbs {
		every name in ["bulwark", "bulwark:latest", "alias", "0c3f2b", "vieux/sshfs"] {
			self_protection.deny == {{
				"field": "name",
				"msg": $"the plugin {name} may be Bulwark under another name, and would be {verb}",
			}} with input as {"operation": operation, "object": name}
		}
	}
}

test_deny_bulwark if {
	every operation, verb in verbs {
		self_protection.deny == {{
			"field": "name",
			"msg": $"the plugin 5e is Bulwark, and would be {verb}",
		}} with input as changing(operation, {"own": true, "authorizes": true})
	}
	count(self_protection.deny) == 1 with input as changing("PluginDisable", {"own": true})
}

test_deny_another_plugin_that_decides if {
	self_protection.deny == {{
		"field": "name",
		"msg": "the plugin 5e decides on requests, too, and would be disabled",
	}} with input as changing("PluginDisable", {"authorizes": true})
}

test_deny_a_plugin_that_is_not_known if {
	every state in ["unknown", "missing", "new"] {
		every change in [{}, {"authorizes": true}] {
			self_protection.deny == {{
				"field": "name",
				"msg": "the plugin 5e may be Bulwark under another name, and would be removed",
			}} with input as changing("PluginDelete", object.union({"state": state}, change))
		}
	}
}

test_allow_another_plugin if {
	every operation, _ in verbs {
		self_protection.deny == set() with input as changing(operation, {})
	}
}

test_deny_what_was_looked_up_under_another_name if {
	count(self_protection.deny) == 1 with input as object.union(changing("PluginDisable", {}), {"object": "bulwark"})
}

test_deny_an_operation_without_a_verb if {
	count(self_protection.deny) == 1 with input as {"operation": "PluginPurge", "object": "bulwark"}
}

# changing is a request about the plugin 5e, which is another one, changed by what is given.
changing(operation, changes) := {
	"operation": operation,
	"object": "5e",
	"facts": {"plugins": {"5e": object.union({"state": "found", "own": false, "authorizes": false}, changes)}},
}

package rules.debug_endpoints_test

import rego.v2

import data.rules.debug_endpoints

test_deny_every_debug_address if {
	every path in ["/debug/vars", "/debug/pprof/", "/debug/pprof/cmdline"] {
		debug_endpoints.deny == {{
			"field": "path",
			"msg": $"{path} would show the engine's internals",
		}} with input as {"operation": "DebugPprof", "path": path}
	}
}

package lib.capabilities_test

import rego.v2

import data.lib.capabilities

test_the_default_set if {
	count(capabilities.engine_default) == 14
	not holds("SYS_ADMIN")
	holds("CHOWN")
}

holds(name) if {
	input.container.capabilities.effective[0] in capabilities.engine_default with input as {"container": {"capabilities": {"effective": [name]}}}
}

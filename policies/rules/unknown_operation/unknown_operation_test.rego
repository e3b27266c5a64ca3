package rules.unknown_operation_test

import rego.v2

import data.rules.unknown_operation

test_deny_a_path_without_an_operation if {
	unknown_operation.deny == {{
		"field": "path",
		"msg": "no operation of the engine is known for POST /containers/create/now",
	}} with input as {"operation": "", "method": "POST", "path": "/containers/create/now"}
}

test_deny_an_empty_input if {
	count(unknown_operation.deny) == 1 with input as {}
}

test_allow_a_known_operation if {
	unknown_operation.deny == set() with input as {"operation": "ContainerList"}
}

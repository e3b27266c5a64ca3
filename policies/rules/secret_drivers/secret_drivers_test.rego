package rules.secret_drivers_test

import rego.v2

import data.rules.secret_drivers

test_deny_a_driver if {
	secret_drivers.deny == {{
		"field": "Driver.Name",
		"msg": "the value of token would come from the driver evil",
	}} with input as creating("evil", "")
}

test_deny_a_template if {
	secret_drivers.deny == {{
		"field": "Templating.Name",
		"msg": "the value of token would be a template for the driver golang",
	}} with input as creating("", "golang")
}

test_allow_a_plain_value if {
	secret_drivers.deny == set() with input as creating("", "")
	secret_drivers.deny == set() with input as {"operation": "ConfigCreate", "sensitive": null}
}

creating(driver, templating) := {"operation": "SecretCreate", "sensitive": {
	"name": "token",
	"driver": {"value": driver, "field": "Driver.Name"},
	"templating": {"value": templating, "field": "Templating.Name"},
}}

# METADATA
# title: The decision
# description: >-
#   Everything that the rules find in one request. A rule is asked when it claims the request's operation and its
#   enforcement is not off; a finding carries the enforcement, so that a dry run is told from a denial, and the
#   exceptions that cover it.
# schemas:
#   - input: schema.input
package decision

import rego.v2

import data.settings

# METADATA
# entrypoint: true
findings contains finding(rule, violation) if {
	some rule in claiming
	enforcement(rule) != "off"
	some violation in data.rules[rule].deny
}

findings contains finding(rule, violation) if {
	some rule in site_claiming
	enforcement(rule) != "off"
	some violation in data.custom.rules[rule].deny
}

# Without settings nothing would be found, and everything would pass.
findings contains finding("decision", {"field": "", "msg": "no rules are loaded"}) if count(claiming) == 0

finding(rule, violation) := {
	"rule": rule,
	"enforcement": enforcement(rule),
	"violation": violation,
	"exceptions": exceptions(rule),
}

claiming contains rule if {
	some claim in claims
	some rule in settings.claims[claim]
}

# The rules that the site has added.
site_claiming contains rule if {
	some claim in claims
	some rule in settings.site_claims[claim]
}

claims contains "*"

claims contains input.operation

# A container that the engine holds is judged as when it is started.
claims contains "ContainerStart" if starting

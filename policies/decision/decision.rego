# METADATA
# title: The decision
# description: >-
#   Everything that the rules find in one request. A rule is asked when it claims the request's operation and its
#   enforcement is not off; a finding carries the enforcement, so that a dry run is told from a denial.
# schemas:
#   - input: schema.input
package decision

import rego.v2

import data.settings

# METADATA
# entrypoint: true
findings contains {"rule": rule, "enforcement": enforcement(rule), "violation": violation} if {
	some rule in claiming
	enforcement(rule) != "off"
	some violation in data.rules[rule].deny
}

# Without settings nothing would be found, and everything would pass.
findings contains {
	"rule": "decision",
	"enforcement": "deny",
	"violation": {"field": "", "msg": "no rules are loaded"},
} if {
	count(claiming) == 0
}

claiming contains rule if some rule in settings.claims["*"]

claiming contains rule if some rule in settings.claims[input.operation]

# What is not plainly dryrun or off denies: a missing or misspelt enforcement too.
default enforcement(_) := "deny"

enforcement(rule) := settings.enforcement[rule] if settings.enforcement[rule] in {"dryrun", "off"}

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

# A container that the engine holds is judged as when it is started.
claiming contains rule if {
	starting
	some rule in settings.claims.ContainerStart
}

starting if input.operation in {"ContainerStart", "ContainerRestart", "ContainerUnpause"}

# What is not plainly dryrun or off denies: a missing or misspelt enforcement too.
default enforcement(_) := "deny"

enforcement(rule) := weaker if {
	some weaker in {"off", "dryrun"}
	weaker == settings.enforcement[rule]
}

# The rule start_gate says how strictly what was created before is judged: it speaks for the rules that judge creation.
enforcement(rule) := weaker if {
	some weaker in {"off", "dryrun"}
	weaker == settings.enforcement.start_gate
	starting
	rule in settings.claims.ContainerCreate
	settings.enforcement[rule] == "deny"
}

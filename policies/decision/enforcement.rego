# What becomes of a finding: the enforcement of its rule, and the exceptions that cover it.
package decision

import rego.v2

import data.settings

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
	some table in ["claims", "site_claims"]
	rule in settings[table].ContainerCreate
	settings.enforcement[rule] == "deny"
}

# All criteria of an exception must be met; one that is not known here is not.
exceptions(rule) := {exception.name |
	some exception in settings.exceptions[rule]
	every criterion, wanted in exception.match { meets(criterion, wanted) }
}

meets("users", names) if input.user.name in names

meets("operations", names) if input.operation in names

meets("names", names) if trim_prefix(input.container.name.value, "/") in names

meets("labels", labels) if {
	every name, value in labels { input.container.labels[name] == value }
}

# A request that enters a container has none of its own: then the one counts that it enters.
meets("names", names) if entered.name in names

meets("labels", labels) if {
	every name, value in labels { entered.labels[name] == value }
}

entered := input.facts.containers[input.object] if is_null(input.container)

# Every image of the request, so that an exception for one does not let another one in.
meets("images", names) if {
	count(input.images) > 0
	every image in input.images { image_under(image, names) }
}

image_under(image, names) if {
	image.valid
	not image.id
	under(image.name, names)
	not renamed(input.facts.images[image.value], names)
}

image_under(image, names) if {
	image.id
	some origin in input.facts.images[image.value].origins
	under(origin, names)
}

# Anybody who may tag can give an image a name; where the engine knows what it was pulled as, that counts.
renamed(fact, names) if {
	fact.pulled
	every origin in fact.origins { not under(origin, names) }
}

under(name, names) if {
	some prefix in names
	startswith($"{name}/", $"{prefix}/")
}

starting if input.operation in {"ContainerStart", "ContainerRestart", "ContainerUnpause"}

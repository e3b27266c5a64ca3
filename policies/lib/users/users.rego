# METADATA
# title: Users
# description: >-
#   Whether a user is known not to be root. A name is what the container's /etc/passwd makes of it when the container is
#   started or entered; a container that is created with one is judged then, if the rule start_gate denies.
package lib.users

import rego.v2

import data.rules.root_user.params
import data.settings

# root says that a user is root, whatever any image says.
root(user) if {
	is_number(user.uid)
	user.uid <= 0
}

# another says that a user is known not to be root.
another(user) if {
	user.kind == "uid"
	user.uid > 0
}

another(user) if {
	resolvable(user)
	input.facts.users[user.name].uid > 0
}

another(user) if {
	resolvable(user)
	input.operation == "ContainerCreate"
	input.facts.images[input.container.image.value].state in {"found", "missing"}
	settings.enforcement.start_gate in {"deny", settings.enforcement.root_user}
}

resolvable(user) if {
	params.names == "resolve"
	user.kind == "name"
	user.name != ""
}

# what says why a user that is not known to be another may be root.
default what(_) := "and not a plain number"

what(user) := $"and what that is cannot be told: {fact.reason}" if {
	fact := input.facts.users[user.name]
	fact.reason != ""
}

what(user) := $"which is uid {fact.uid} in the container's /etc/passwd" if {
	fact := input.facts.users[user.name]
	fact.reason == ""
}

# METADATA
# title: Command run as root in a container
# description: >-
#   docker exec starts a command as any user, whatever the container was started as. That must not be root; a name is
#   what the container's /etc/passwd makes of it, unless the rule root_user refuses names. A command that could be created may
#   be started.
# related_resources:
#   - description: docker exec
#     ref: https://docs.docker.com/reference/cli/docker/container/exec/
# schemas:
#   - input: schema.input
# custom:
#   severity: high
#   operations: [ContainerExec, ExecStart]
#   profile: baseline
#   cis: ["5.24"]
#   pss: ["restricted: Running as Non-root user"]
#   remediation: leave --user out to be the container's own user, or use --user UID:GID, e.g. --user 1000:1000
package rules.exec_root

import rego.v2

import data.lib.users

deny contains {"field": user.field, "msg": msg} if {
	users.root(user)
	msg := $"the command would run as root ({user.field} is {user.value})"
}

deny contains {"field": user.field, "msg": msg} if {
	user.kind != "absent"
	not users.root(user)
	not users.another(user)
	msg := $"the command may run as root ({user.field} is {user.value}, {users.what(user)})"
}

deny contains {"field": user.field, "msg": msg} if {
	user.kind == "absent"
	container.state == "found"
	not users.another(container.user)
	msg := $"the command would run as root ({user.field} is empty and the container's own user is {own})"
}

user := input.exec.user

# What a look-up tells of the container; without one its user is not known.
container := input.facts.containers[input.object]

default own := "root"

own := $"{container.user.value}{doubt}" if container.user.value != ""

default doubt := ""

doubt := $", {users.what(container.user)}" if container.user.name != ""

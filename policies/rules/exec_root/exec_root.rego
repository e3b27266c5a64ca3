# METADATA
# title: Command run as root in a container
# description: >-
#   docker exec starts a command as any user, whatever the container was started as. Another user than the container's
#   own must be named by number and not be root; a name is what the image makes of it. A command that could be created
#   may be started.
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

deny contains {"field": user.field, "msg": msg} if {
	root
	msg := $"the command would run as root ({user.field} is {user.value})"
}

deny contains {"field": user.field, "msg": msg} if {
	not root
	not user.kind in {"absent", "uid"}
	msg := $"the command may run as root ({user.field} is {user.value}, and not a plain number)"
}

deny contains {"field": user.field, "msg": msg} if {
	user.kind == "absent"
	container.state == "found"
	not another(container.user)
	own := object.get({"": "root"}, container.user.value, container.user.value)
	msg := $"the command would run as root ({user.field} is empty and the container's own user is {own})"
}

user := input.exec.user

# What a look-up tells of the container; without one its user is not known.
container := input.facts.containers[input.object]

another(who) if {
	who.kind == "uid"
	who.uid > 0
}

root if {
	is_number(user.uid)
	user.uid <= 0
}

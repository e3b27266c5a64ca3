# METADATA
# title: Container runs as root
# description: >-
#   Root in a container is root on the host for everything that the container shares with it. The request itself must
#   name another user by number; a name, or no user at all, is what the image makes of it.
# related_resources:
#   - description: docker run, user
#     ref: https://docs.docker.com/engine/containers/run/#user
# schemas:
#   - input: schema.input
# custom:
#   severity: high
#   operations: [ContainerCreate, ServiceCreate, ServiceUpdate]
#   profile: baseline
#   cis: ["4.1"]
#   pss: ["restricted: Running as Non-root", "restricted: Running as Non-root user"]
#   remediation: use --user UID:GID, e.g. --user 1000:1000
package rules.root_user

import rego.v2

deny contains {"field": user.field, "msg": msg} if {
	user.kind == "absent"
	msg := $"the container would run as root ({user.field} is empty and an image's default is root)"
}

deny contains {"field": user.field, "msg": msg} if {
	root
	msg := $"the container would run as root ({user.field} is {user.value})"
}

# A name is what the image makes of it.
deny contains {"field": user.field, "msg": msg} if {
	not user.kind in {"absent", "uid"}
	not root
	msg := $"the container may run as root ({user.field} is {user.value}, and not a plain number)"
}

user := input.container.user

root if {
	is_number(user.uid)
	user.uid <= 0
}

# METADATA
# title: Container runs as root
# description: >-
#   Root in a container is root on the host for everything that the container shares with it. The request must name another
#   user by number, or the image must. A name is what the container's /etc/passwd makes of it, and can be looked up there.
# related_resources:
#   - description: docker run, user
#     ref: https://docs.docker.com/engine/containers/run/#user
# schemas:
#   - input: schema.input
#   - data.rules.root_user.params:
#       type: object
#       additionalProperties: false
#       properties: {names: {type: string, enum: [refuse, resolve],
#         description: whether a user given by name is refused or looked up when the container is started}}
# custom:
#   severity: high
#   operations: [ContainerCreate, ContainerStart, ServiceCreate, ServiceUpdate]
#   profile: baseline
#   cis: ["4.1"]
#   pss: ["restricted: Running as Non-root", "restricted: Running as Non-root user"]
#   remediation: use --user UID:GID, e.g. --user 1000:1000
package rules.root_user

import rego.v2

import data.lib.users

deny contains {"field": user.field, "msg": msg} if {
	user.kind == "absent"
	not image_names_another
	msg := $"the container would run as root ({user.field} is empty and {default_user})"
}

deny contains {"field": user.field, "msg": msg} if {
	users.root(user)
	msg := $"the container would run as root ({user.field} is {user.value})"
}

deny contains {"field": user.field, "msg": msg} if {
	not users.root(user)
	not users.another(user)
	user.kind != "absent"
	msg := $"the container may run as root ({user.field} is {user.value}, {users.what(user)})"
}

user := input.container.user

# Of a container that is there, the engine has filled in the image's user.
image := input.facts.images[input.container.image.value] if input.operation == "ContainerCreate"

image_names_another if users.another(image.user)

# The engine will answer that there is none; the client pulls it and asks again.
image_names_another if image.state == "missing"

default default_user := "an image's default is root"

default_user := $"the image's own user is {image.user.value}" if image.user.value != ""

# METADATA
# title: Group of root, or of the image's choice
# description: >-
#   Files of the host and of volumes may be open to a group: root's group 0, or docker, whose members are root on the
#   host. What number a group's name stands for is in the image, which anyone may have made.
# related_resources:
#   - description: docker run, additional groups
#     ref: https://docs.docker.com/engine/containers/run/#additional-groups
# schemas:
#   - input: schema.input
#   - data.rules.supplementary_groups.params:
#       type: object
#       additionalProperties: false
#       properties:
#         allowed:
#           description: groups that may be used although they are 0 or a name, spelt as in the request
#           type: array
#           items: {type: string, minLength: 1}
# custom:
#   severity: high
#   operations: [ContainerCreate, ContainerStart, ServiceCreate, ServiceUpdate, ContainerExec]
#   profile: baseline
#   cis: ["4.1"]
#   remediation: give groups by number and not 0, e.g. --group-add 1000 or --user 1000:1000
package rules.supplementary_groups

import rego.v2

import data.rules.supplementary_groups.params

deny contains {"field": group.field, "msg": msg, "fix": fix} if {
	some group in groups
	not group.gid > 0
	not group.value in params.allowed
	msg := $"the group {group.value} {meaning(group)}"
	fix := $"give groups by number and not 0, e.g. --group-add 1000 or --user 1000:1000; other groups allowed: {allowed}"
}

groups contains group if some group in input.container.groups

groups contains {"value": user.group, "gid": user.gid, "field": user.field} if {
	some user in users
	user.group != ""
}

users contains input.container.user

users contains input.exec.user

default meaning(_) := "is what the image makes of it"

meaning(group) := "is root's" if group.gid == 0

default allowed := "none"

allowed := concat(", ", params.allowed) if params.allowed != []

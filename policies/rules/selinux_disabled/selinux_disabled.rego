# METADATA
# title: SELinux label switched off or changed
# description: >-
#   On hosts with SELinux, a container's label keeps it from the host's files and from those of other containers. Only
#   types that confine a container just as well, and labels that the settings allow, may be used.
# related_resources:
#   - description: docker run, --security-opt label
#     ref: https://docs.docker.com/reference/cli/docker/container/run/#security-opt
# schemas:
#   - input: schema.input
#   - data.rules.selinux_disabled.params:
#       type: object
#       additionalProperties: false
#       properties:
#         allowed:
#           description: "what may follow --security-opt label=, in full, e.g. type:container_t"
#           type: array
#           items: {type: string, minLength: 1}
# custom:
#   severity: high
#   operations: [ContainerCreate, ContainerStart, ServiceCreate, ServiceUpdate]
#   profile: baseline
#   cis: ["5.3"]
#   pss: ["baseline: SELinux"]
#   remediation: leave --security-opt label out
package rules.selinux_disabled

import rego.v2

import data.rules.selinux_disabled.params

deny contains {"field": label.field, "msg": msg, "fix": fix} if {
	some label in input.container.security.labels
	not label.value in params.allowed
	msg := $"the container's SELinux label would be changed ({label.field} is {label.value})"
	fix := $"leave --security-opt label out; allowed: {allowed}"
}

default allowed := "none"

allowed := concat(", ", params.allowed) if params.allowed != []

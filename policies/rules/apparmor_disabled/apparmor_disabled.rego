# METADATA
# title: AppArmor switched off or replaced
# description: >-
#   The engine's AppArmor profile keeps a container from mounting and from writing to the host's kernel settings. Other
#   profiles may allow anything, and only those that the settings allow may be used.
# related_resources:
#   - description: Docker, AppArmor security profiles
#     ref: https://docs.docker.com/engine/security/apparmor/
# schemas:
#   - input: schema.input
#   - data.rules.apparmor_disabled.params:
#       type: object
#       additionalProperties: false
#       properties:
#         allowed:
#           description: profiles that may be used beside docker-default
#           type: array
#           items: {type: string, minLength: 1}
# custom:
#   severity: high
#   operations: [ContainerCreate, ContainerStart, ServiceCreate, ServiceUpdate]
#   profile: baseline
#   cis: ["5.2"]
#   pss: ["baseline: AppArmor"]
#   remediation: leave --security-opt apparmor out, so that docker-default applies
package rules.apparmor_disabled

import rego.v2

import data.rules.apparmor_disabled.params

deny contains {"field": profile.field, "msg": msg, "fix": fix} if {
	profile := input.container.security.apparmor
	not profile.value in {"", "docker-default"}
	not profile.value in params.allowed
	msg := $"the container would have another AppArmor profile than docker-default ({profile.field} is {profile.value})"
	fix := $"leave --security-opt apparmor out; allowed beside docker-default: {allowed}"
}

default allowed := "none"

allowed := concat(", ", params.allowed) if params.allowed != []

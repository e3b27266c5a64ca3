# METADATA
# title: Unknown security option
# description: >-
#   Nobody has judged what a security option does that no known engine has. A credential spec is for Windows, and makes
#   the engine read a file or the registry of the host.
# related_resources:
#   - description: docker run, optional security options
#     ref: https://docs.docker.com/reference/cli/docker/container/run/#security-opt
# schemas:
#   - input: schema.input
# custom:
#   severity: medium
#   operations: [ContainerCreate, ContainerStart, ServiceCreate, ServiceUpdate]
#   profile: baseline
#   remediation: leave this --security-opt out, and check its spelling
package rules.security_options

import rego.v2

deny contains {"field": option.field, "msg": msg} if {
	some option in input.container.security.unknown
	msg := $"no engine is known to have this security option ({option.field} is {split(split(option.value, "=")[0], ":")[0]})"
}

deny contains {"field": spec.field, "msg": msg, "fix": "leave --credential-spec out"} if {
	spec := input.container.security.credential_spec
	spec.field != ""
	msg := "the engine would read a credential spec from the host"
}

# METADATA
# title: Protection against new privileges switched off
# description: >-
#   With no-new-privileges a program cannot gain powers through setuid files. The engine can be set to always ask for
#   it, and a request that switches it off overrides that.
# related_resources:
#   - description: docker run, --security-opt no-new-privileges
#     ref: https://docs.docker.com/reference/cli/docker/container/run/#security-opt
# schemas:
#   - input: schema.input
# custom:
#   severity: medium
#   operations: [ContainerCreate, ContainerStart]
#   profile: baseline
#   cis: ["2.14", "5.26"]
#   pss: ["restricted: Privilege Escalation"]
#   remediation: use --security-opt no-new-privileges=true, or leave it to the engine's setting
package rules.no_new_privileges_off

import rego.v2

deny contains {"field": entry.field, "msg": msg} if {
	some entry in input.container.security.no_new_privileges.off
	msg := $"the container's programs could gain new privileges ({entry.field} is {entry.value})"
}

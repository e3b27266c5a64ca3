# METADATA
# title: Health check switched off
# description: >-
#   The engine asks a container regularly whether it still works, when its image or the request says how. Switched off,
#   nobody notices that it does not.
# related_resources:
#   - description: docker run, --no-healthcheck
#     ref: https://docs.docker.com/reference/cli/docker/container/run/#options
# schemas:
#   - input: schema.input
# custom:
#   severity: low
#   operations: [ContainerCreate, ContainerStart, ServiceCreate, ServiceUpdate]
#   profile: restricted
#   cis: ["5.27"]
#   remediation: drop --no-healthcheck, or use --health-cmd
package rules.healthcheck

import rego.v2

deny contains {"field": check.field, "msg": msg} if {
	check := input.container.healthcheck
	check.disabled
	msg := $"nobody would notice that the container stopped working ({check.field} is NONE)"
}

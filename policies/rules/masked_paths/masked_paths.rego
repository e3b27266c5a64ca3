# METADATA
# title: Protected paths of /proc opened
# description: >-
#   The engine hides some files of /proc and /sys from containers and makes others read-only, since they belong to the
#   host's kernel. A list in the request replaces the engine's, and must leave out none of it.
# related_resources:
#   - description: docker run, --security-opt systempaths=unconfined
#     ref: https://docs.docker.com/reference/cli/docker/container/run/#security-opt
# schemas:
#   - input: schema.input
# custom:
#   severity: high
#   operations: [ContainerCreate, ContainerStart]
#   profile: baseline
#   pss: ["baseline: /proc Mount Type"]
#   remediation: leave --security-opt systempaths=unconfined out
package rules.masked_paths

import rego.v2

deny contains {"field": masked.field, "msg": msg} if {
	masked := input.container.security.masked_paths
	count(masked.missing) > 0
	msg := $"the container could see {concat(", ", masked.missing)}"
}

deny contains {"field": read_only.field, "msg": msg} if {
	read_only := input.container.security.readonly_paths
	count(read_only.missing) > 0
	msg := $"the container could change {concat(", ", read_only.missing)}"
}

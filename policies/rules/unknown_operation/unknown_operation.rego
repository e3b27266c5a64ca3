# METADATA
# title: Operation that is not known
# description: >-
#   The path belongs to no operation of an engine that Bulwark knows. A newer engine may have it, and nobody has judged
#   what it can do.
# related_resources:
#   - description: Docker Engine API
#     ref: https://docs.docker.com/reference/api/engine/
# schemas:
#   - input: schema.input
# custom:
#   severity: critical
#   operations: [unknown]
#   profile: baseline
#   remediation: check the path and the method for a mistake
package rules.unknown_operation

import rego.v2

deny contains {"field": "path", "msg": msg} if {
	not known
	msg := $"no operation of the engine is known for {input.method} {input.path}"
}

known if input.operation != ""

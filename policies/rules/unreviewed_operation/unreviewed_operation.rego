# METADATA
# title: Dangerous operation without a rule of its own
# description: >-
#   An operation that can give power over the host is denied until a rule says which of its requests are harmless. Which
#   operations have one is computed from the rules.
# related_resources:
#   - description: Docker, daemon attack surface
#     ref: https://docs.docker.com/engine/security/#docker-daemon-attack-surface
# schemas:
#   - input: schema.input
# custom:
#   severity: critical
#   operations: ["*"]
#   profile: baseline
#   remediation: ask the operator of this host to do it, or to allow it
package rules.unreviewed_operation

import rego.v2

import data.settings

deny contains {"field": "path", "msg": msg} if {
	input.risk in {"high", "critical"}
	not reviewed
	msg := $"{input.operation} can give power over the host, and no rule says when it may pass"
}

reviewed if input.operation in settings.reviewed

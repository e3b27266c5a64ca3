# METADATA
# title: Old API version
# description: >-
#   Under an old API version the engine takes the same request for another one: it leaves out limits and hardening that
#   the request asks for, and shares namespaces by default. A request without a version has the engine's newest. What
#   only reads, as monitoring tools do that were written long ago, is the same under every version.
# related_resources:
#   - description: Docker Engine API, versions
#     ref: https://docs.docker.com/reference/api/engine/version-history/
# schemas:
#   - input: schema.input
#   - data.rules.api_version.params:
#       type: object
#       additionalProperties: false
#       properties:
#         minimum: {type: integer, minimum: 24, description: "the oldest API version that is accepted, 41 for 1.41"}
# custom:
#   severity: medium
#   operations: ["*"]
#   profile: baseline
#   remediation: use a newer client, and do not set DOCKER_API_VERSION
package rules.api_version

import rego.v2

import data.rules.api_version.params

deny contains {"field": "path", "msg": msg, "fix": fix} if {
	input.api_version != ""
	not input.api_minor >= params.minimum
	not only_reads
	msg := $"the API version {input.api_version} is too old"
	fix := $"use a client of API 1.{params.minimum} or newer, and do not set DOCKER_API_VERSION to an older one"
}

only_reads if {
	input.method in {"GET", "HEAD"}
	is_number(input.api_minor)
	reads
}

reads if input.kind == "read"

reads if input.operation in {"ContainerLogs", "SystemEvents"}

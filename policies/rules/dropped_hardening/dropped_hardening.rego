# METADATA
# title: Hardening that the API version leaves out
# description: >-
#   Under an older API version the engine drops fields of a service that it knows only in a newer one, and says nothing.
#   The service would look hardened in the request and not be.
# related_resources:
#   - description: Docker Engine API, versions
#     ref: https://docs.docker.com/reference/api/engine/version-history/
# schemas:
#   - input: schema.input
# custom:
#   severity: medium
#   operations: [ServiceCreate, ServiceUpdate]
#   profile: baseline
#   cis: ["5.22", "5.26"]
#   remediation: use a newer API version, or leave the field out
package rules.dropped_hardening

import rego.v2

deny contains {"field": dropped.field, "msg": msg} if {
	some dropped in input.service.dropped
	msg := $"the engine would ignore {dropped.value} under API version {input.api_version}"
}

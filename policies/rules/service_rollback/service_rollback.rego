# METADATA
# title: Service rolled back
# description: >-
#   A rollback brings back what a service was before. The engine takes that from its own records and not from the
#   request, so that nobody looks at it again.
# related_resources:
#   - description: docker service rollback
#     ref: https://docs.docker.com/reference/cli/docker/service/rollback/
# schemas:
#   - input: schema.input
# custom:
#   severity: high
#   operations: [ServiceUpdate]
#   profile: baseline
#   remediation: update the service to what it was, e.g. docker service update --image IMAGE
package rules.service_rollback

import rego.v2

deny contains {"field": rollback.field, "msg": msg} if {
	rollback := input.service.rollback
	not rollback.value in {"", "none"}
	msg := $"the service would be what it was before, which is not shown ({rollback.field} is {rollback.value})"
}

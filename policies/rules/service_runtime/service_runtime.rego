# METADATA
# title: Service whose tasks are not containers
# description: >-
#   The tasks of a service can be plugins, which run as root on each node with the powers that they ask for, or
#   attachments to networks. What is said of its container does not hold for them.
# related_resources:
#   - description: Docker Engine API, ServiceCreate
#     ref: https://docs.docker.com/reference/api/engine/version/v1.41/#tag/Service/operation/ServiceCreate
# schemas:
#   - input: schema.input
# custom:
#   severity: critical
#   operations: [ServiceCreate, ServiceUpdate]
#   profile: baseline
#   cis: ["5.1"]
#   remediation: make it a service of containers
package rules.service_runtime

import rego.v2

deny contains {"field": runtime.field, "msg": msg} if {
	runtime := input.service.runtime
	not runtime.value in {"", "container"}
	msg := $"the service would run tasks of the kind {runtime.value}"
}

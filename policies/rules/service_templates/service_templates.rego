# METADATA
# title: Mount of a service by a template
# description: >-
#   Swarm fills in a template such as {{.Task.Slot}} on the node where a task runs, and asks no authorization plugin there.
#   What a mount would really be cannot be seen in the request.
# related_resources:
#   - description: docker service create, templates
#     ref: https://docs.docker.com/reference/cli/docker/service/create/#create-services-using-templates
# schemas:
#   - input: schema.input
# custom:
#   severity: high
#   operations: [ServiceCreate, ServiceUpdate]
#   profile: baseline
#   remediation: write the source of --mount out
package rules.service_templates

import rego.v2

deny contains {"field": mount.field, "msg": msg} if {
	some mount in input.container.mounts
	some text in [mount.source, mount.target]
	contains(text, "{{")
	msg := $"what {text} would mount cannot be told"
}

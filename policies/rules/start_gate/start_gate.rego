# METADATA
# title: Container that cannot be judged at its start
# description: >-
#   A container is judged when it is created, and again when it is started: it may be older than Bulwark, or what it
#   mounts may have changed. The enforcement of this rule is that of all rules for a container that the engine holds.
# related_resources:
#   - description: docker container start
#     ref: https://docs.docker.com/reference/cli/docker/container/start/
# schemas:
#   - input: schema.input
# custom:
#   severity: high
#   operations: [ContainerStart]
#   profile: baseline
#   remediation: remove the container and create it anew
package rules.start_gate

import rego.v2

deny contains {"field": "path", "msg": msg} if {
	some name, fact in input.facts.containers
	name == input.object
	not fact.state in {"found", "missing"}
	msg := $"what the container {name} may do could not be looked up: {fact.reason}"
}

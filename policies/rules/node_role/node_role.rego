# METADATA
# title: Node made a manager
# description: >-
#   A manager of a swarm rules all of its nodes. A request that names the role manager is denied unless the engine tells
#   that the node is one already: clients send a node's role along with every change of it.
# related_resources:
#   - description: docker node promote
#     ref: https://docs.docker.com/reference/cli/docker/node/promote/
# schemas:
#   - input: schema.input
# custom:
#   severity: high
#   operations: [NodeUpdate]
#   profile: baseline
#   cis: ["7.1"]
#   remediation: leave the node a worker, or ask the operator of the swarm
package rules.node_role

import rego.v2

# The engine takes the role in any case.
deny contains {"field": role.field, "msg": msg} if {
	role := input.node.role
	upper(role.value) == "MANAGER"
	not input.facts.nodes[input.object].role == "manager"
	msg := $"the node {input.object} would be a manager of the swarm ({role.field} is {role.value})"
}

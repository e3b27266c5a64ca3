# METADATA
# title: Host made part of a swarm
# description: >-
#   The managers of a swarm run what they like on each of its nodes, as root if they like, and no request of theirs is
#   shown to Bulwark. Only the operator of the host may make it part of a swarm, take it out, or change the swarm's settings.
# related_resources:
#   - description: Docker, swarm mode
#     ref: https://docs.docker.com/engine/swarm/
# schemas:
#   - input: schema.input
# custom:
#   severity: critical
#   operations: [SwarmInit, SwarmJoin, SwarmLeave, SwarmUpdate, SwarmUnlock]
#   profile: baseline
#   cis: ["5.1", "7.1"]
#   remediation: ask the operator of this host to do it
package rules.swarm_membership

import rego.v2

deny contains {"field": "path", "msg": $"the host would {verb[input.operation]}"}

verb := {
	"SwarmInit": "become the manager of a new swarm",
	"SwarmJoin": "join a swarm, whose managers then rule it",
	"SwarmLeave": "leave its swarm",
	"SwarmUpdate": "change the settings of its swarm",
	"SwarmUnlock": "take up its place in a swarm again",
}

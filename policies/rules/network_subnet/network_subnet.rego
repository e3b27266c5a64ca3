# METADATA
# title: Network over addresses of others
# description: >-
#   The engine gives the host a route to each network that it makes. A network over the addresses of a name server, a
#   registry or a metadata service takes the host's own traffic to them into a container.
# related_resources:
#   - description: docker network create, subnet
#     ref: https://docs.docker.com/reference/cli/docker/network/create/#specify-advanced-options
# schemas:
#   - input: schema.input
#   - data.rules.network_subnet.params:
#       type: object
#       additionalProperties: false
#       properties:
#         allowed:
#           description: blocks of addresses that networks may be made of, in CIDR notation
#           type: array
#           items: {type: string, pattern: "^[0-9a-f.:]+/[0-9]+$", description: "a block such as 10.0.0.0/8"}
# custom:
#   severity: high
#   operations: [NetworkCreate]
#   profile: baseline
#   remediation: leave --subnet out, or choose one that is for private use
package rules.network_subnet

import rego.v2

import data.rules.network_subnet.params

deny contains {"field": subnet.field, "msg": msg, "fix": fix} if {
	some subnet in input.network.subnets
	not private(subnet.value)
	msg := $"the host would reach {subnet.value} through this network"
	fix := $"leave --subnet out, or choose one of: {blocks}"
}

private(subnet) if {
	some block in params.allowed
	net.cidr_contains(block, subnet)
}

default blocks := "none"

blocks := concat(", ", params.allowed)

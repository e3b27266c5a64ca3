# METADATA
# title: Container on the default network
# description: >-
#   All containers on the default network bridge can talk to each other. On a network of its own a container meets only
#   those that belong to it.
# related_resources:
#   - description: Docker, the default bridge network
#     ref: https://docs.docker.com/engine/network/drivers/bridge/#use-the-default-bridge-network
# schemas:
#   - input: schema.input
# custom:
#   severity: low
#   operations: [ContainerCreate, ContainerStart, ServiceCreate, ServiceUpdate, NetworkConnect]
#   profile: restricted
#   cis: ["5.30"]
#   remediation: create a network with docker network create front, and use --network front
package rules.default_bridge

import rego.v2

deny contains {"field": network.field, "msg": "the container would be on the default network, where it meets all others"} if {
	network := input.container.namespaces.network
	network.mode in defaults
}

deny contains {"field": endpoint.field, "msg": "the container would be on the default network as well"} if {
	some endpoint in input.endpoints
	endpoint.network in defaults
	not input.container.namespaces.network.mode in defaults
}

defaults := {"", "default", "bridge"}

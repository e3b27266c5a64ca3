# METADATA
# title: Network that is more than a bridge joined
# description: >-
#   A network may be older than Bulwark. One of another driver, such as macvlan, puts the container on the host's own
#   network, and the driver of a plugin runs as root. The drivers that may be used are those of the rule network_driver.
# related_resources:
#   - description: Docker, network drivers
#     ref: https://docs.docker.com/engine/network/drivers/
# schemas:
#   - input: schema.input
# custom:
#   severity: high
#   operations: [ContainerCreate, ContainerStart, NetworkConnect, ServiceCreate, ServiceUpdate]
#   profile: baseline
#   cis: ["5.30"]
#   remediation: use a bridge network, e.g. docker network create front, and docker run --network front
package rules.attached_network

import rego.v2

import data.rules.network_driver.params

deny contains {"field": endpoint.field, "msg": msg, "fix": fix} if {
	some endpoint in input.endpoints
	driver := input.facts.networks[endpoint.network].driver
	not driver in (harmless | {allowed | some allowed in params.allowed})
	msg := $"the container would be on the network {endpoint.network}, which uses the driver {driver}"
	fix := $"use a network of an allowed driver: {drivers}"
}

default drivers := "none"

drivers := concat(", ", params.allowed)

# Of a network that was not found there is no driver, and the rule host_namespaces judges the host's.
harmless := {"", "host", "null"}

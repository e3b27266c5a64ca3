# METADATA
# title: Network that is more than a bridge
# description: >-
#   Networks of other drivers, such as macvlan, put containers on the host's own network, and the driver or the address
#   manager of a plugin runs as root. A network of a swarm, or one set up by another network, is more than the request shows.
# related_resources:
#   - description: Docker, network drivers
#     ref: https://docs.docker.com/engine/network/drivers/
# schemas:
#   - input: schema.input
#   - data.rules.network_driver.params:
#       type: object
#       additionalProperties: false
#       properties:
#         allowed: {type: array, items: {type: string, minLength: 1}, description: "network drivers that may be used, e.g. overlay"}
# custom:
#   severity: high
#   operations: [NetworkCreate]
#   profile: baseline
#   cis: ["5.30"]
#   remediation: create a bridge network without this option, e.g. docker network create front
package rules.network_driver

import rego.v2

import data.rules.network_driver.params

deny contains {"field": network.driver.field, "msg": msg, "fix": fix} if {
	not network.driver.value in drivers
	msg := $"the network would use the driver {network.driver.value}"
	fix := $"use a driver that is allowed: {concat(", ", drivers - {""})}"
}

deny contains {"field": network.ipam_driver.field, "msg": msg} if {
	not network.ipam_driver.value in {"", "default"}
	msg := $"addresses would be managed by the plugin {network.ipam_driver.value}"
}

deny contains {"field": option.field, "msg": $"the address manager would be given the option {option.name}"} if {
	some option in network.ipam_options
}

deny contains {"field": network.scope.field, "msg": $"the network would have the scope {network.scope.value}"} if {
	not network.scope.value in {"", "local"}
}

deny contains {"field": network.config_from.field, "msg": $"the network would be set up like {network.config_from.value}"} if network.config_from.value != ""

deny contains {"field": network.config_only.field, "msg": "the network would only hold settings for others"} if network.config_only.value

deny contains {"field": network.ingress.field, "msg": "the network would become the swarm's ingress network"} if network.ingress.value

deny contains {"field": network.attachable.field, "msg": "any container could join this network of a swarm"} if {
	network.attachable.value
	not network.driver.value in {"", "bridge"}
}

network := input.network

drivers := {""} | {driver | some driver in params.allowed}

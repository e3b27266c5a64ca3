# METADATA
# title: Option of a network's driver
# description: >-
#   With its options a bridge network takes over one of the host's bridges, opens ports past the firewall, or routes
#   straight to the containers. Only options that the settings allow may be given.
# related_resources:
#   - description: Docker, options of bridge networks
#     ref: https://docs.docker.com/engine/network/drivers/bridge/#options
# schemas:
#   - input: schema.input
#   - data.rules.network_options.params:
#       type: object
#       additionalProperties: false
#       properties:
#         allowed:
#           description: names of driver options that any network may have, whatever the value
#           type: array
#           items: {type: string, minLength: 1}
# custom:
#   severity: high
#   operations: [NetworkCreate]
#   profile: baseline
#   cis: ["5.9", "5.14", "5.30"]
#   remediation: leave out --opt
package rules.network_options

import rego.v2

import data.rules.network_options.params

deny contains {"field": option.field, "msg": msg, "fix": fix} if {
	some option in input.network.options
	not option.name in allowed
	msg := $"the network's driver would be given the option {option.name}"
}

fix := $"leave it out; allowed options: {concat(", ", allowed)}"

allowed := {name | some name in params.allowed}

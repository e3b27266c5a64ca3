# METADATA
# title: Driver option of a container on a network
# description: >-
#   Options given where a container joins a network go to the network's driver, which runs as root. Only options that the
#   settings allow may be given. The one that sets kernel parameters is left to the rule sysctls.
# related_resources:
#   - description: Docker, driver options of a container's networks
#     ref: https://docs.docker.com/reference/cli/docker/network/connect/#options
# schemas:
#   - input: schema.input
#   - data.rules.endpoint_options.params:
#       type: object
#       additionalProperties: false
#       properties:
#         allowed:
#           description: names of driver options that any container may have on its networks, whatever the value
#           type: array
#           items: {type: string, minLength: 1}
# custom:
#   severity: medium
#   operations: [ContainerCreate, ContainerStart, NetworkConnect, ServiceCreate, ServiceUpdate]
#   profile: baseline
#   remediation: leave out driver-opt and --driver-opt
package rules.endpoint_options

import rego.v2

import data.rules.endpoint_options.params

deny contains {"field": option.field, "msg": msg, "fix": fix} if {
	some endpoint in input.endpoints
	some option in endpoint.driver_options
	not option.name in harmless
	msg := $"the driver of the network {endpoint.network} would be given the option {option.name}"
}

fix := $"leave it out; allowed options: {concat(", ", allowed)}"

# The rule sysctls judges the option that sets them.
harmless := allowed | {"com.docker.network.endpoint.sysctls"}

allowed := {name | some name in params.allowed}

# METADATA
# title: Limit of a container's processes lifted
# description: >-
#   Ulimits bound what each process takes from the host: open files, processes, locked memory. Without an end, or beyond
#   what the settings say, one container starves the others.
# related_resources:
#   - description: docker run, --ulimit
#     ref: https://docs.docker.com/reference/cli/docker/container/run/#ulimit
# schemas:
#   - input: schema.input
#   - data.rules.ulimits.params:
#       type: object
#       additionalProperties: false
#       properties:
#         maximum:
#           description: the highest value of each ulimit by name; one that is not named may be anything but unlimited
#           type: object
#           additionalProperties: {type: integer, minimum: 0}
# custom:
#   severity: low
#   operations: [ContainerCreate, ContainerStart, ServiceCreate, ServiceUpdate]
#   profile: restricted
#   cis: ["5.19"]
#   remediation: use a lower --ulimit, e.g. --ulimit nofile=1024:4096
package rules.ulimits

import rego.v2

import data.rules.ulimits.params

deny contains {"field": limit.field, "msg": msg} if {
	some limit in input.container.resources.ulimits
	some value in {limit.soft, limit.hard}
	not allowed(limit.name, value)
	msg := $"the limit {limit.name} would be raised too far ({limit.field} is {value})"
}

allowed(name, value) if {
	value >= 0
	value <= object.get(params.maximum, name, value)
}

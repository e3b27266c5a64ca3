# METADATA
# title: Log driver that takes the log elsewhere
# description: >-
#   The engine, as root, connects to where a log driver's options say, and reads files that they name. With none there
#   is no log at all. Without a driver the engine's default is used, which may be one whose address an option changes.
# related_resources:
#   - description: Docker, configure logging drivers
#     ref: https://docs.docker.com/engine/logging/configure/
# schemas:
#   - input: schema.input
#   - data.rules.log_driver.params:
#       type: object
#       additionalProperties: false
#       properties:
#         allowed:
#           description: drivers that may be named, with any options; naming none is always allowed
#           type: array
#           items: {type: string, minLength: 1}
# custom:
#   severity: medium
#   operations: [ContainerCreate, ContainerStart, ServiceCreate, ServiceUpdate]
#   profile: baseline
#   cis: ["2.13"]
#   remediation: leave --log-driver out
package rules.log_driver

import rego.v2

import data.rules.log_driver.params

deny contains {"field": driver.field, "msg": msg, "fix": fix} if {
	driver.value != ""
	not driver.value in params.allowed
	msg := $"the container's log would go to the driver {driver.value}"
	fix := $"leave --log-driver out; allowed: {allowed}"
}

deny contains {"field": option.field, "msg": msg, "fix": fix} if {
	driver.value == ""
	some option in input.container.log.options
	not option.name in harmless
	msg := $"the log option {option.name} would change the engine's default log driver"
	fix := $"leave --log-opt {option.name} out, or name the driver, e.g. --log-driver json-file"
}

driver := input.container.log.driver

harmless := {
	"compress", "env", "env-regex", "labels", "labels-regex", "max-buffer-size", "max-file", "max-size", "mode",
	"tag",
}

default allowed := "none"

allowed := concat(", ", params.allowed) if params.allowed != []

# METADATA
# title: Log tag that computes
# description: >-
#   The engine evaluates the tag of a log as a template, in its own process. Functions in it can take all memory, which
#   ends the engine for everybody.
# related_resources:
#   - description: Docker, log tags
#     ref: https://docs.docker.com/engine/logging/log_tags/
# schemas:
#   - input: schema.input
# custom:
#   severity: medium
#   operations: [ContainerCreate, ContainerStart, ServiceCreate, ServiceUpdate]
#   profile: baseline
#   remediation: use plain fields only, e.g. --log-opt tag={{.Name}}
package rules.log_template

import rego.v2

deny contains {"field": option.field, "msg": msg} if {
	some option in input.container.log.options
	option.name == "tag"
	rest := regex.replace(option.value, `\{\{ *\.[A-Za-z]{1,20} *\}\}`, "")
	contains(rest, "{{")
	msg := "the engine would compute the tag of the log"
}

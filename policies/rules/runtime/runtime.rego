# METADATA
# title: Another runtime than the default
# description: >-
#   The runtime is the program that makes the container, as root on the host. Another one may isolate less, or run
#   hooks, and some engines start any program of the right name.
# related_resources:
#   - description: Docker, alternative container runtimes
#     ref: https://docs.docker.com/engine/daemon/alternative-runtimes/
# schemas:
#   - input: schema.input
#   - data.rules.runtime.params:
#       type: object
#       additionalProperties: false
#       properties:
#         allowed:
#           description: runtimes that may be named; naming none is always allowed
#           type: array
#           items: {type: string, minLength: 1}
# custom:
#   severity: high
#   operations: [ContainerCreate, ContainerStart, ServiceCreate, ServiceUpdate]
#   profile: baseline
#   remediation: leave --runtime out
package rules.runtime

import rego.v2

import data.rules.runtime.params

deny contains {"field": runtime.field, "msg": msg, "fix": fix} if {
	runtime := input.container.runtime
	runtime.value != ""
	not runtime.value in params.allowed
	msg := $"the container would be made by the runtime {runtime.value}"
	fix := $"leave --runtime out; allowed: {allowed}"
}

deny contains {"field": isolation.field, "msg": msg, "fix": "leave --isolation out"} if {
	isolation := input.container.isolation
	not isolation.value in {"", "default"}
	msg := $"the container would have the isolation {isolation.value}"
}

default allowed := "none"

allowed := concat(", ", params.allowed) if params.allowed != []

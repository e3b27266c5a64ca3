# METADATA
# title: Annotation passed to the runtime
# description: >-
#   Annotations are for the runtime, and some change what it does: run.oci.handler makes crun start the container in
#   another way, and io.katacontainers ones name programs of the host. Only those that the settings allow may be used.
# related_resources:
#   - description: docker run, --annotation
#     ref: https://docs.docker.com/reference/cli/docker/container/run/
# schemas:
#   - input: schema.input
#   - data.rules.annotations.params:
#       type: object
#       additionalProperties: false
#       properties:
#         allowed:
#           description: annotations that may be used, by their whole name, with any value
#           type: array
#           items: {type: string, minLength: 1}
# custom:
#   severity: high
#   operations: [ContainerCreate, ContainerStart]
#   profile: baseline
#   remediation: leave --annotation out, or use --label for what no runtime has to know
package rules.annotations

import rego.v2

import data.rules.annotations.params

deny contains {"field": annotation.field, "msg": msg, "fix": fix} if {
	some annotation in input.container.annotations
	not annotation.name in params.allowed
	msg := $"the annotation {annotation.name} would be passed to the runtime"
	fix := $"leave --annotation out, or use --label for what no runtime has to know; allowed: {allowed}"
}

default allowed := "none"

allowed := concat(", ", params.allowed) if params.allowed != []

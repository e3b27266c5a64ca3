# METADATA
# title: Device requested from a driver
# description: >-
#   A device driver such as nvidia or cdi decides by itself what a device comes with: files of the host, and programs
#   that run on the host as root. Only devices that the settings allow may be requested.
# related_resources:
#   - description: docker run, access to GPUs
#     ref: https://docs.docker.com/reference/cli/docker/container/run/#gpus
# schemas:
#   - input: schema.input
#   - data.rules.device_requests.params:
#       type: object
#       additionalProperties: false
#       properties:
#         allowed:
#           description: devices that may be requested, by driver
#           type: array
#           items: {type: object, additionalProperties: false, required: [driver, ids], properties: {
#             driver: {type: string, description: "nvidia, cdi, or \"\" where the client names none"},
#             ids: {type: array, items: {type: string}, description: "ids in full; all stands for a count"}}}
# custom:
#   severity: high
#   operations: [ContainerCreate, ContainerStart]
#   profile: baseline
#   cis: ["5.18"]
#   remediation: leave --gpus and --device out
package rules.device_requests

import rego.v2

import data.rules.device_requests.params

deny contains {"field": request.field, "msg": msg, "fix": fix} if {
	some request in input.container.device_requests
	not allowed(request)
	msg := $"{driver(request)} would give devices of the host to the container: {devices(request)}"
	fix := $"leave --gpus and --device out; allowed: {allowed_devices}"
}

allowed(request) if {
	request.options == []
	some entry in params.allowed
	entry.driver == request.driver
	every id in wanted(request) { id in entry.ids }
}

wanted(request) := {id | some id in request.ids} | {"all" | request.count != 0}

default devices(_) := "none named"

devices(request) := concat(", ", wanted(request)) if count(wanted(request)) > 0

driver(request) := $"the driver {request.driver}" if request.driver != ""

driver(request) := "a driver that fits" if request.driver == ""

default allowed_devices := "none"

allowed_devices := concat(", ", [$"{entry.driver}={concat(" ", entry.ids)}" | some entry in params.allowed]) if params.allowed != []

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
#       properties: {allowed: {type: array, description: "devices that may be requested, by driver",
#           items: {type: object, additionalProperties: false, required: [driver, ids], properties: {
#             driver: {type: string, description: "nvidia, cdi, or \"\" where the client names none"},
#             ids: {type: array, items: {type: string}, description: "ids in full; all stands for a count"}}}}}
# custom:
#   severity: high
#   operations: [ContainerCreate, ContainerStart, ServiceCreate, ServiceUpdate]
#   profile: baseline
#   cis: ["5.18"]
#   remediation: leave --gpus, --device and NVIDIA_VISIBLE_DEVICES out
package rules.device_requests

import rego.v2

import data.rules.device_requests.params

deny contains {"field": request.field, "msg": msg, "fix": fix} if {
	some request in requests
	not allowed(request)
	driver := object.get({"": "a driver that fits"}, request.driver, $"the driver {request.driver}")
	msg := $"{driver} would give devices of the host to the container: {devices(request)}"
	fix := $"leave --gpus, --device and NVIDIA_VISIBLE_DEVICES out; allowed: {allowed_devices}"
}

requests contains request if some request in input.container.device_requests

requests contains {"driver": "nvidia", "options": [], "ids": [], "count": -1, "field": "Env"} if {
	not input.starting # a stored container has its image's, too
	"NVIDIA_VISIBLE_DEVICES" in input.container.env_names # nvidia's runtime reads the value, which is not shown
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

default allowed_devices := "none"

allowed_devices := concat(", ", [$"{entry.driver}={concat(" ", entry.ids)}" | some entry in params.allowed]) if params.allowed != []

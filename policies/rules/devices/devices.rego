# METADATA
# title: Device of the host given away
# description: >-
#   A device is the host's hardware without the kernel's checks in between: with a disk a container can rewrite the
#   host. Only devices that the settings allow may be given to a container, or named for an I/O limit.
# related_resources:
#   - description: docker run, adding a host device to a container
#     ref: https://docs.docker.com/reference/cli/docker/container/run/#device
# schemas:
#   - input: schema.input
#   - data.rules.devices.params:
#       type: object
#       additionalProperties: false
#       properties:
#         allowed:
#           description: devices that containers may have; the path of a folder stands for all devices in it
#           type: array
#           items: {type: object, additionalProperties: false, required: [path, permissions], properties: {
#             path: {type: string, pattern: "^/", format: path, description: the whole path on the host},
#             permissions: {type: string, pattern: "^r?w?m?$", minLength: 1, description: "rwm: read, write, make device files"}}}
# custom:
#   severity: critical
#   operations: [ContainerCreate, ContainerStart, ContainerUpdate]
#   profile: baseline
#   cis: ["5.18"]
#   remediation: leave --device out
package rules.devices

import rego.v2

import data.rules.devices.params

deny contains {"field": device.field, "msg": msg, "fix": fix} if {
	some device in input.container.devices
	not allowed(device)
	msg := $"the device {device.host} of the host would be given to the container ({permissions(device)})"
	fix := $"leave --device out, or use an allowed device: {allowed_devices}"
}

deny contains {"field": device.field, "msg": msg, "fix": fix} if {
	some device in input.container.blkio_devices
	not device.value in {entry.path | some entry in params.allowed}
	msg := $"the device {device.value} of the host would get an I/O limit"
	fix := $"leave --device-read-bps and the like out, or use an allowed device: {allowed_devices}"
}

allowed(device) if {
	some entry in params.allowed
	device.host == entry.path
	every permission in split(permissions(device), "") { contains(entry.permissions, permission) }
}

permissions(device) := device.permissions if device.permissions != ""

permissions(device) := "rwm" if device.permissions == ""

default allowed_devices := "none"

allowed_devices := concat(", ", [$"{entry.path}:{entry.permissions}" | some entry in params.allowed]) if params.allowed != []

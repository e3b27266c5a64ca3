# METADATA
# title: Volume with driver options
# description: >-
#   The options of a local volume are those of a mount: type, device and o can make it any folder or disk of the host,
#   whatever they claim to be. A bind mount in disguise is not told from others, so that no option passes by default.
# related_resources:
#   - description: docker volume create, driver-specific options
#     ref: https://docs.docker.com/reference/cli/docker/volume/create/#opt
# schemas:
#   - input: schema.input
#   - data.rules.volume_options.params:
#       type: object
#       additionalProperties: false
#       properties:
#         allowed:
#           description: >-
#             names of options that may be used; size is harmless, and device lets everybody mount any part of the host
#           type: array
#           items: {type: string, minLength: 1}
# custom:
#   severity: critical
#   operations: [ContainerCreate, ContainerStart, ServiceCreate, ServiceUpdate, VolumeCreate]
#   profile: baseline
#   cis: ["5.6"]
#   pss: ["baseline: HostPath Volumes"]
#   remediation: leave --opt and volume-opt out
package rules.volume_options

import rego.v2

import data.rules.volume_options.params

deny contains {"field": field, "msg": msg, "fix": fix} if {
	some volume in input.volumes
	volume.driver in {"", "local"}
	refused := {option | some option in volume.options; not option.name in params.allowed}
	count(refused) > 0
	field := $"{min({option.field | some option in refused})}"
	names := concat(", ", {option.name | some option in refused})
	msg := $"the volume options {names} would {effect(volume)}"
	fix := $"leave --opt and volume-opt out; allowed: {allowed}"
}

effect(volume) := "decide what the volume is" if volume.host_paths == []

effect(volume) := $"mount {concat(", ", volume.host_paths)} of the host" if volume.host_paths != []

default allowed := "none"

allowed := concat(", ", params.allowed) if params.allowed != []

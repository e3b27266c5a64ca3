# METADATA
# title: Volume of a driver that is not the engine's
# description: >-
#   A volume driver runs as root on the host, or on another one, and decides what a volume holds: it may well be the
#   host's own files. Cluster volumes are made by such drivers on every node of a swarm.
# related_resources:
#   - description: Docker, volume plugins
#     ref: https://docs.docker.com/engine/extend/plugins_volume/
# schemas:
#   - input: schema.input
#   - data.rules.volume_drivers.params:
#       type: object
#       additionalProperties: false
#       properties:
#         allowed:
#           description: drivers that volumes may have beside local, with any options
#           type: array
#           items: {type: string, minLength: 1}
# custom:
#   severity: high
#   operations: [ContainerCreate, ContainerStart, ServiceCreate, ServiceUpdate, VolumeCreate, VolumeUpdate]
#   profile: baseline
#   cis: ["5.6"]
#   pss: ["restricted: Volume Types"]
#   remediation: leave --driver and --volume-driver out, so that the volume is local
package rules.volume_drivers

import rego.v2

import data.rules.volume_drivers.params

deny contains {"field": volume.field, "msg": msg, "fix": fix} if {
	some volume in input.volumes
	not volume.driver in {"", "local"}
	not volume.driver in params.allowed
	msg := $"the volume driver {volume.driver} would be used"
	fix := $"leave --driver and --volume-driver out; allowed beside local: {allowed}"
}

deny contains {"field": volume.field, "msg": msg, "fix": "use a local volume"} if {
	input.operation in {"VolumeCreate", "VolumeUpdate"}
	some volume in input.volumes
	volume.cluster
	msg := $"{volume.name} would be a cluster volume"
}

default allowed := "none"

allowed := concat(", ", params.allowed) if params.allowed != []

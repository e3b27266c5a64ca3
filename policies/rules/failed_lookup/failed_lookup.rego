# METADATA
# title: Look-up failed
# description: >-
#   Some requests can only be judged by what the engine or the host says about an image, a container, a volume, a network
#   or a path. When that cannot be had, nothing is known about it, and nothing is allowed.
# related_resources:
#   - description: Docker Engine API, inspecting objects
#     ref: https://docs.docker.com/reference/api/engine/
# schemas:
#   - input: schema.input
# custom:
#   severity: high
#   operations: [ContainerCreate, ContainerStart, ContainerExec, ContainerAttach, ContainerAttachWebsocket, ContainerArchive, PutContainerArchive, ContainerRename, ServiceCreate, ServiceUpdate, NetworkConnect, VolumeCreate]
#   profile: baseline
#   remediation: try again; if it happens again, an administrator of the host looks into the log
package rules.failed_lookup

import rego.v2

deny contains {"field": "", "msg": msg} if {
	some kind, noun in {"images": "image", "containers": "container", "volumes": "volume", "networks": "network", "paths": "host path"}
	some name, fact in input.facts[kind]
	fact.state == "unknown"
	not to_be_started(kind, name)
	msg := $"the {noun} {name} could not be looked up: {fact.reason}"
}

# The rule start_gate speaks of that one.
to_be_started("containers", name) if {
	name == input.object
	input.starting
}

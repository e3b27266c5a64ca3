# METADATA
# title: Mount of an unusual type
# description: >-
#   What a bind mount, a volume, a tmpfs or an image gives to a container is known and judged. Other types are not:
#   a named pipe can be the engine's own, and a cluster volume is made by a driver that runs as root.
# related_resources:
#   - description: Docker, storage
#     ref: https://docs.docker.com/engine/storage/
# schemas:
#   - input: schema.input
# custom:
#   severity: high
#   operations: [ContainerCreate, ContainerStart, ServiceCreate, ServiceUpdate]
#   profile: baseline
#   cis: ["5.6", "5.32"]
#   pss: ["restricted: Volume Types"]
#   remediation: use a volume, e.g. --mount type=volume,source=data,target=/data
package rules.mount_types

import rego.v2

deny contains {"field": mount.field, "msg": msg} if {
	some mount in input.container.mounts
	not mount.type in {"bind", "volume", "tmpfs", "image"}
	msg := $"a mount of type {mount.type} would be made at {mount.target}"
}

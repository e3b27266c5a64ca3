# METADATA
# title: Mount propagated between host and container
# description: >-
#   With shared propagation what a container mounts appears on the host, and with slave propagation what the host mounts
#   later, a USB disk or another container's files, appears in the container.
# related_resources:
#   - description: Docker, bind propagation
#     ref: https://docs.docker.com/engine/storage/bind-mounts/#configure-bind-propagation
# schemas:
#   - input: schema.input
# custom:
#   severity: high
#   operations: [ContainerCreate, ContainerStart, ServiceCreate, ServiceUpdate]
#   profile: baseline
#   cis: ["5.20"]
#   pss: ["baseline: HostPath Volumes"]
#   remediation: leave the propagation out, so that it is rprivate
package rules.bind_propagation

import rego.v2

deny contains {"field": mount.field, "msg": msg} if {
	some mount in input.container.mounts
	not mount.propagation in {"", "private", "rprivate"}
	msg := $"mounts would be passed on between the host and {mount.target}: propagation {mount.propagation}"
}

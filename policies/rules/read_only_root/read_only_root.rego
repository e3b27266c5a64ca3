# METADATA
# title: Writable root file system
# description: >-
#   Whoever breaks into a container changes its programs, unless its root file system is read-only. What must be written
#   goes to a volume or to memory.
# related_resources:
#   - description: docker run, read-only root file system
#     ref: https://docs.docker.com/reference/cli/docker/container/run/#read-only
# schemas:
#   - input: schema.input
# custom:
#   severity: low
#   operations: [ContainerCreate, ContainerStart, ServiceCreate, ServiceUpdate]
#   profile: restricted
#   cis: ["5.13"]
#   remediation: use --read-only, with --tmpfs /tmp or --volume data:/data for what is written
package rules.read_only_root

import rego.v2

deny contains {"field": read_only.field, "msg": msg} if {
	read_only := input.container.read_only_rootfs
	not read_only.value
	msg := $"the files of the image could be changed in the container ({read_only.field} is false)"
}

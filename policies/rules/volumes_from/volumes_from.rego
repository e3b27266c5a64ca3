# METADATA
# title: Mounts of another container taken over
# description: >-
#   With --volumes-from a container gets all mounts of another one, folders of the host among them, and the request does
#   not say which.
# related_resources:
#   - description: docker run, mounting volumes from a container
#     ref: https://docs.docker.com/reference/cli/docker/container/run/#volumes-from
# schemas:
#   - input: schema.input
# custom:
#   severity: high
#   operations: [ContainerCreate, ContainerStart]
#   profile: baseline
#   cis: ["5.6"]
#   pss: ["baseline: HostPath Volumes"]
#   remediation: name each volume, e.g. -v data:/data
package rules.volumes_from

import rego.v2

deny contains {"field": from.field, "msg": msg} if {
	some from in input.container.volumes_from
	not input.facts.containers[from.container].state in looked_up
	msg := $"the container would get every mount of the container {from.container}"
}

# What was looked up is among this container's own mounts, and judged there.
looked_up := {"found", "missing"}

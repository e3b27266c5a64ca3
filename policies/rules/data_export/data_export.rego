# METADATA
# title: Files taken out of a container or an image
# description: >-
#   Exports and copies hand out every file of a container or an image, as root, also those that its own user cannot read.
# related_resources:
#   - description: docker cp
#     ref: https://docs.docker.com/reference/cli/docker/container/cp/
# schemas:
#   - input: schema.input
# custom:
#   severity: low
#   operations: [ContainerExport, ContainerArchive, ImageGet, ImageGetAll]
#   profile: restricted
#   remediation: read what the container logs with docker logs, or have it write to a volume
package rules.data_export

import rego.v2

deny contains {"field": "path", "msg": $"{what[input.operation]} would be handed out"}

what := {
	"ContainerExport": $"all files of the container {input.object}",
	"ContainerArchive": $"files of the container {input.object}",
	"ImageGet": $"all files of the image {input.object}",
	"ImageGetAll": "all files of images",
}

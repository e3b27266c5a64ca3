# METADATA
# title: Image under a name that is not its own
# description: >-
#   Anybody who may tag can give an image a trusted name. The engine knows where an image was pulled from: one that
#   came from elsewhere alone is not what its name says.
# related_resources:
#   - description: docker image tag
#     ref: https://docs.docker.com/reference/cli/docker/image/tag/
# schemas:
#   - input: schema.input
# custom:
#   severity: high
#   operations: [ContainerCreate, ContainerStart]
#   profile: baseline
#   cis: ["4.2"]
#   remediation: pull the image from the registry that its name says
package rules.laundered_image

import rego.v2

import data.lib.trusted

deny contains {"field": image.field, "msg": msg} if {
	some image in input.images
	trusted.image(image)
	fact := input.facts.images[image.value]
	fact.pulled
	every origin in fact.origins { not trusted.name(origin) }
	msg := $"the image {image.value} was pulled from {concat(", ", fact.origins)} and only tagged with this name"
}

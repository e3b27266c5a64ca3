# METADATA
# title: Image from an untrusted registry
# description: >-
#   What runs in a container is what its image holds. An image must be named, with a name under one of the trusted
#   registries or repositories; an id says nothing about where an image came from.
# related_resources:
#   - description: Docker, image names
#     ref: https://docs.docker.com/reference/cli/docker/image/tag/#description
# schemas:
#   - input: schema.input
#   - data.rules.untrusted_registry.params:
#       type: object
#       additionalProperties: false
#       properties:
#         trusted:
#           description: registries, or parts of them, that images may come from; whole path components count
#           type: array
#           items: {type: string, pattern: "^(localhost|[a-z0-9.-]+[.:][a-z0-9.:-]+|\\[[0-9a-f:]+\\](:[0-9]+)?)(/[a-z0-9._-]+)*$",
#             description: "registry.example.com, docker.io/library or docker.io/library/postgres, without a tag"}
# custom:
#   severity: high
#   operations: [ContainerCreate, ContainerStart, ImageCreate, ServiceCreate, ServiceUpdate]
#   profile: baseline
#   cis: ["4.2"]
#   remediation: use an image from a trusted registry
package rules.untrusted_registry

import rego.v2

import data.lib.trusted
import data.rules.untrusted_registry.params

deny contains {"field": image.field, "msg": msg, "fix": fix} if {
	some image in fetched
	not trusted.image(image)
	msg := $"the image {image.value} {problem[image.id]}"
}

fetched contains image if {
	some image in input.images
	image.use in {"run", "mount", "pull"}
}

problem := {true: "may be the id of any local image", false: "is not from a trusted registry"}

fix := $"use an image from: {concat(", ", {name | some name in params.trusted})}"

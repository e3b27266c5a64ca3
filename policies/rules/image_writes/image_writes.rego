# METADATA
# title: Image of unknown content under a trusted name
# description: >-
#   A name is trusted for what its registry holds. Whoever can give that name to another image, or hide an image behind
#   what looks like an id, gets it run. Archives may hold any name and are not shown.
# related_resources:
#   - description: docker image tag
#     ref: https://docs.docker.com/reference/cli/docker/image/tag/
# schemas:
#   - input: schema.input
#   - data.rules.image_writes.params:
#       type: object
#       additionalProperties: false
#       properties:
#         allowed:
#           {description: names that may be written although they are trusted; whole path components count, type: array,
#             items: {type: string, minLength: 1}}
#         load: {type: boolean, description: true to allow docker load}
# custom:
#   severity: high
#   operations: [ImageTag, ImageCommit, ImageBuild, ImageCreate, ImageLoad]
#   profile: baseline
#   cis: ["4.2", "4.5"]
#   remediation: use a name that is not trusted, e.g. localhost/app:1
package rules.image_writes

import rego.v2

import data.lib.trusted
import data.rules.image_writes.params

deny contains {"field": image.field, "msg": $"the image would be called {image.value}, {problem}"} if {
	some image in input.images
	image.use in {"tag", "commit", "build"}
	image.value != ""
	problem := problem_of(image)
}

deny contains {"field": image.field, "msg": msg, "fix": "pull the image from a trusted registry"} if {
	some image in input.images
	msg := archives[image.use]
	not image.use in {"load" | params.load}
}

problem_of(image) := "which may be taken for the id of another" if image.id

else := "which is no image name" if not image.valid

else := $"and pass as the trusted {image.name}{unqualified[startswith(image.name, "docker.io/library/")]}" if {
	trusted.name(image.name)
	not trusted.under(image.name, params.allowed)
}

unqualified := {true: ", as every name without a registry does", false: ""}

archives := {"import": "an image would be made of a file or an address", "load": "images would be loaded under any name"}

# METADATA
# title: Image without a digest
# description: >-
#   Any tag can be moved to another image. A digest names one image for ever, and the engine checks that it gets that one;
#   so does an id with all its digits.
# related_resources:
#   - description: docker pull, by digest
#     ref: https://docs.docker.com/reference/cli/docker/image/pull/#pull-an-image-by-digest-immutable-identifier
# schemas:
#   - input: schema.input
# custom:
#   severity: low
#   operations: [ContainerCreate, ContainerStart, ServiceCreate, ServiceUpdate]
#   profile: restricted
#   cis: ["4.5", "5.28"]
#   remediation: add the digest that docker images --digests shows, e.g. busybox:1.36@sha256:DIGEST
package rules.image_digest

import rego.v2

deny contains {"field": image.field, "msg": $"the image {image.value} can be replaced by another, as no digest is given"} if {
	some image in input.images
	image.use in {"run", "mount"}
	image.digest == ""
	image.value != ""
	not whole_id(image)
}

# An id with all its digits is that of one image for good; 71 are with sha256: before them.
whole_id(image) if {
	image.id
	count(image.value) in {64, 71}
}

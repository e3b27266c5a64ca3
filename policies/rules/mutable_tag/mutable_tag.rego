# METADATA
# title: Image tag that moves
# description: >-
#   The tag latest, which is also meant where no tag is given, is another image tomorrow: nobody can say afterwards what
#   ran.
# related_resources:
#   - description: Docker, pinning image versions
#     ref: https://docs.docker.com/build/building/best-practices/#pin-base-image-versions
# schemas:
#   - input: schema.input
# custom:
#   severity: low
#   operations: [ContainerCreate, ContainerStart, ServiceCreate, ServiceUpdate]
#   profile: restricted
#   cis: ["5.28"]
#   remediation: name a version, e.g. busybox:1.36, or a digest
package rules.mutable_tag

import rego.v2

deny contains {"field": image.field, "msg": $"the image {image.value} is whatever its tag points to at the time"} if {
	some image in input.images
	image.use in {"run", "mount"}
	image.digest == ""
	image.tag in {"", "latest"}
	image.valid
}

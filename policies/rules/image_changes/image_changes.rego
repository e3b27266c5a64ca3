# METADATA
# title: Settings of an image changed
# description: >-
#   An image says which user and which command its containers start with, unless they say so themselves. Making an image
#   of a container or an archive can set both to anything.
# related_resources:
#   - description: docker container commit
#     ref: https://docs.docker.com/reference/cli/docker/container/commit/
# schemas:
#   - input: schema.input
# custom:
#   severity: medium
#   operations: [ImageCommit, ImageCreate]
#   profile: baseline
#   cis: ["4.1"]
#   remediation: leave out --change, and set what the container needs when it is created
package rules.image_changes

import rego.v2

deny contains {"field": "changes", "msg": "the new image would be given settings of its own"} if {
	some image in input.images
	image.use in {"commit", "import"}
	some change in input.query.changes
	change != ""
}

# A commit may name the settings in its body, too.
deny contains {"field": $"{name}", "msg": msg} if {
	input.operation == "ImageCommit"
	some name, value in input.body
	not value in {null, "", 0, false, [], {}}
	msg := $"the new image would be given settings of its own ({name} is set)"
}

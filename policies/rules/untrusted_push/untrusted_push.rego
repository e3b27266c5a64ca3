# METADATA
# title: Image pushed to an untrusted registry
# description: >-
#   An image that is pushed leaves the host with all that is in it. Images may be pushed under trusted names only.
# related_resources:
#   - description: docker push
#     ref: https://docs.docker.com/reference/cli/docker/image/push/
# schemas:
#   - input: schema.input
# custom:
#   severity: medium
#   operations: [ImagePush]
#   profile: baseline
#   cis: ["4.2"]
#   remediation: push to a registry that the rule untrusted_registry trusts
package rules.untrusted_push

import rego.v2

import data.lib.trusted
import data.rules.untrusted_registry.params

deny contains {"field": image.field, "msg": msg, "fix": fix} if {
	some image in input.images
	image.use == "push"
	not trusted.image(image)
	msg := $"the image would be pushed to {image.value}, which is not trusted"
}

fix := $"push it under one of: {concat(", ", {name | some name in params.trusted})}"

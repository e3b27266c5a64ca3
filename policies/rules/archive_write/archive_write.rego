# METADATA
# title: Files copied into a container
# description: >-
#   docker cp into a container writes as root, past the container's user and a read-only volume, and flaws in it have
#   reached the host more than once. What is written is not shown to Bulwark.
# related_resources:
#   - description: docker cp
#     ref: https://docs.docker.com/reference/cli/docker/container/cp/
# schemas:
#   - input: schema.input
#   - data.rules.archive_write.params:
#       type: object
#       additionalProperties: false
#       properties:
#         allowed: {type: boolean, description: true to let docker cp write into any container}
# custom:
#   severity: high
#   operations: [PutContainerArchive, ContainerCopy]
#   profile: baseline
#   remediation: put the files into the image, or into a volume that the container mounts
package rules.archive_write

import rego.v2

import data.rules.archive_write.params

deny contains {"field": "path", "msg": msg} if {
	input.operation == "PutContainerArchive"
	not params.allowed
	msg := $"files would be written as root below {input.archive.path.value} of the container {input.object}"
}

# Engines up to 25 have it, for clients of API 1.23 and older.
deny contains {"field": "path", "msg": msg, "fix": "copy with a docker client of today"} if {
	input.operation == "ContainerCopy"
	msg := $"files of the container {input.object} would be read with a call that was removed from the API"
}

# METADATA
# title: Checkpoint of a container
# description: >-
#   A checkpoint is written to, and restored from, any folder of the host as root. A container that is restored from one
#   runs with whatever the files say. Only engines with experimental features have checkpoints.
# related_resources:
#   - description: docker checkpoint
#     ref: https://docs.docker.com/reference/cli/docker/checkpoint/
# schemas:
#   - input: schema.input
# custom:
#   severity: critical
#   operations: [CheckpointCreate, CheckpointList, CheckpointDelete, ContainerStart]
#   profile: baseline
#   cis: ["2.18"]
#   remediation: start the container anew, and keep its data in a volume
package rules.checkpoints

import rego.v2

deny contains {"field": "path", "msg": msg} if {
	input.operation in {"CheckpointCreate", "CheckpointList", "CheckpointDelete"}
	msg := $"checkpoints of the container {input.object} would be {verb[input.operation]}"
}

deny contains {"field": stated.field, "msg": msg} if {
	input.operation == "ContainerStart"
	some stated in [input.archive.checkpoint, input.archive.checkpoint_dir]
	stated.value != ""
	msg := $"the container would be restored from a checkpoint ({stated.field} is {stated.value})"
}

verb := {
	"CheckpointCreate": "written to the host",
	"CheckpointList": "listed",
	"CheckpointDelete": "deleted",
}

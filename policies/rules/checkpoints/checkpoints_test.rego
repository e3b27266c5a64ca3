package rules.checkpoints_test

import rego.v2

import data.rules.checkpoints

test_deny_every_operation_on_checkpoints if {
	every operation, verb in {
		"CheckpointCreate": "written to the host",
		"CheckpointList": "listed",
		"CheckpointDelete": "deleted",
	} {
		checkpoints.deny == {{
			"field": "path",
			"msg": $"checkpoints of the container web would be {verb}",
		}} with input as {"operation": operation, "object": "web", "archive": archive("c1", "/tmp")}
	}
}

test_deny_a_start_from_a_checkpoint if {
	checkpoints.deny == {{
		"field": "checkpoint",
		"msg": "the container would be restored from a checkpoint (checkpoint is c1)",
	}} with input as starting("c1", "")
}

test_deny_a_start_from_a_folder if {
	checkpoints.deny == {{
		"field": "checkpoint-dir",
		"msg": "the container would be restored from a checkpoint (checkpoint-dir is /tmp/evil)",
	}} with input as starting("", "/tmp/evil")
}

test_allow_a_start if {
	checkpoints.deny == set() with input as starting("", "")
}

starting(checkpoint, dir) := {"operation": "ContainerStart", "object": "web", "archive": archive(checkpoint, dir)}

archive(checkpoint, dir) := {
	"checkpoint": {"value": checkpoint, "field": "checkpoint"},
	"checkpoint_dir": {"value": dir, "field": "checkpoint-dir"},
}

package rules.archive_write_test

import rego.v2

import data.rules.archive_write

test_deny_a_copy_into_a_container if {
	archive_write.deny == {{
		"field": "path",
		"msg": "files would be written as root below /tmp of the container web",
	}} with input as writing
}

test_allow_a_copy_into_a_container_when_allowed if {
	archive_write.deny == set() with input as writing with archive_write.params as {"allowed": true}
}

test_deny_when_params_are_missing if {
	count(archive_write.deny) == 1 with input as writing with archive_write.params as {}
}

test_deny_the_copy_of_old_clients if {
	every allowed in [true, false] {
		archive_write.deny == {{
			"field": "path",
			"msg": "files of the container web would be read with a call that was removed from the API",
			"fix": "copy with a docker client of today",
		}} with input as {"operation": "ContainerCopy", "object": "web"} with archive_write.params as {"allowed": allowed}
	}
}

test_allow_what_writes_nothing if {
	archive_write.deny == set() with input as {"operation": "ContainerArchive", "object": "web"}
}

writing := {
	"operation": "PutContainerArchive",
	"object": "web",
	"archive": {"path": {"value": "/tmp", "field": "path"}, "write": true},
}

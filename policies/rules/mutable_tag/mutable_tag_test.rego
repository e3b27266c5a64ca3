package rules.mutable_tag_test

import rego.v2

import data.rules.mutable_tag

test_deny_no_tag_and_latest if {
	every use in ["run", "mount"] {
		every tag in ["", "latest"] {
			mutable_tag.deny == {{
				"field": "Image",
				"msg": "the image busybox is whatever its tag points to at the time",
			}} with input as naming({"use": use, "tag": tag})
		}
	}
}

test_allow_a_version_or_a_digest if {
	allowed(naming({"tag": "1.36"}))
	allowed(naming({"tag": "latest", "digest": "sha256:3ea8"}))
	allowed(naming({"digest": "sha256:3ea8"}))
}

test_allow_what_has_no_tag_to_move if {
	allowed(naming({"valid": false}))
	allowed({"operation": "ContainerStart", "images": []})
}

test_other_uses_do_not_count if {
	allowed(naming({"use": "pull"}))
}

allowed(request) if mutable_tag.deny == set() with input as request

# naming is a request to run busybox, changed by what is given.
naming(changes) := {"operation": "ContainerCreate", "images": [object.union(
	{"use": "run", "value": "busybox", "field": "Image", "valid": true, "tag": "", "digest": ""},
	changes,
)]}

package rules.image_digest_test

import rego.v2

import data.rules.image_digest

test_deny_an_image_without_a_digest if {
	every use in ["run", "mount"] {
		every tag in ["", "latest", "1.36"] {
			image_digest.deny == {{
				"field": "Image",
				"msg": "the image busybox:1.36 can be replaced by another, as no digest is given",
			}} with input as naming({"use": use, "tag": tag})
		}
	}
}

test_allow_a_digest if {
	allowed(naming({"digest": "sha256:3ea8"}))
}

test_allow_a_whole_id if {
	every id in [digits(64), $"sha256:{digits(64)}"] {
		allowed(naming({"value": id, "id": true}))
		not allowed(naming({"value": id, "id": false}))
	}
	every id in [digits(63), digits(12), $"sha256:{digits(63)}"] {
		not allowed(naming({"value": id, "id": true}))
	}
}

digits(n) := substring("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", 0, n)

test_other_uses_do_not_count if {
	allowed(naming({"use": "pull"}))
}

test_allow_a_request_without_an_image if {
	allowed(naming({"value": ""}))
	allowed({"operation": "ContainerStart", "images": []})
}

allowed(request) if image_digest.deny == set() with input as request

# naming is a request to run busybox:1.36, changed by what is given.
naming(changes) := {"operation": "ContainerCreate", "images": [object.union(
	{"use": "run", "value": "busybox:1.36", "field": "Image", "tag": "1.36", "digest": ""},
	changes,
)]}

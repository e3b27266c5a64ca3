package rules.laundered_image_test

import rego.v2

import data.rules.laundered_image

test_deny_a_trusted_name_on_an_image_from_elsewhere if {
	laundered_image.deny == {{
		"field": "Image",
		"msg": "the image busybox was pulled from evil.example/a, evil.example/b and only tagged with this name",
	}} with input as running({}, {"origins": ["evil.example/a", "evil.example/b"], "pulled": true})
		with data.rules.untrusted_registry.params as settings
}

test_allow_what_was_pulled_from_where_its_name_says if {
	every origins in [["docker.io/library/busybox"], ["evil.example/a", "docker.io/library/busybox"]] {
		allowed(running({}, {"origins": origins, "pulled": true}))
	}
}

test_allow_what_was_made_here if {
	allowed(running({}, {"origins": ["evil.example/a"], "pulled": false}))
}

# Another rule denies these.
test_allow_a_name_that_is_not_trusted if {
	allowed(running({"name": "evil.example/a"}, {"origins": ["evil.example/a"], "pulled": true}))
}

test_allow_what_was_not_looked_up if {
	allowed({"operation": "ContainerCreate", "images": [busybox], "facts": {"images": {}}})
	allowed({"operation": "ContainerCreate", "images": []})
}

allowed(request) if laundered_image.deny == set() with input as request with data.rules.untrusted_registry.params as settings

running(changes, fact) := {
	"operation": "ContainerCreate",
	"images": [object.union(busybox, changes)],
	"facts": {"images": {"busybox": object.union({"state": "found"}, fact)}},
}

busybox := {"valid": true, "id": false, "name": "docker.io/library/busybox", "value": "busybox", "field": "Image"}

settings := {"trusted": ["docker.io/library"]}

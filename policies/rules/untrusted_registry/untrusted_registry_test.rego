package rules.untrusted_registry_test

import rego.v2

import data.rules.untrusted_registry

test_deny_another_registry if {
	untrusted_registry.deny == {{
		"field": "Image",
		"msg": "the image evil.example/app is not from a trusted registry",
		"fix": "use an image from: docker.io/library",
	}} with input as naming({"value": "evil.example/app", "name": "evil.example/app"})
}

# What is not under docker.io/library or registry.example.com, component by component.
test_deny_lookalikes if {
	every name in [
		"docker.io/evilorg/app",
		"docker.io/library2/busybox",
		"docker.io/librar",
		"docker.io",
		"docker.io.evil.example/library/busybox",
		"registry.example.com.evil.example/app",
		"registry.example.com:5000/app",
		"registry.example.comx/app",
		"localhost:5000/library/busybox",
		"10.0.0.1/library/busybox",
		"[::1]:5000/x",
	] {
		denied(naming({"name": name}))
	}
}

test_allow_what_is_trusted if {
	every name in ["docker.io/library/busybox", "registry.example.com/app", "registry.example.com/team/app"] {
		allowed(naming({"name": name}))
	}
}

test_allow_one_trusted_repository_only if {
	allowed(naming({"name": "docker.io/library/postgres"})) with data.rules.untrusted_registry.params as {"trusted": ["docker.io/library/postgres"]}
	untrusted_registry.deny != set() with input as naming({"name": "docker.io/library/postgres2"})
		with untrusted_registry.params as {"trusted": ["docker.io/library/postgres"]}
}

test_deny_what_may_be_an_id if {
	untrusted_registry.deny == {{
		"field": "Image",
		"msg": "the image 3ea8da0e5084 may be the id of any local image",
		"fix": "use an image from: docker.io/library",
	}} with input as naming({"value": "3ea8da0e5084", "id": true})
}

test_deny_what_is_no_name if {
	denied(naming({"valid": false}))
}

test_every_use_that_brings_content_counts if {
	every use in ["run", "mount", "pull"] {
		denied(naming({"use": use, "name": "evil.example/app"}))
	}
}

test_other_uses_do_not_count if {
	every use in ["inspect", "remove", "tag_source", "push"] {
		allowed(naming({"use": use, "name": "evil.example/app"}))
	}
}

test_allow_a_pull if {
	allowed({"operation": "ImageCreate", "images": [object.union(busybox, {"use": "pull"})]})
}

test_deny_when_params_are_missing if {
	untrusted_registry.deny == {{
		"field": "Image",
		"msg": "the image busybox is not from a trusted registry",
		"fix": "use an image from: ",
	}} with input as naming({}) with untrusted_registry.params as {}
}

settings := {"trusted": ["docker.io/library", "registry.example.com"]}

denied(request) if count(untrusted_registry.deny) == 1 with input as request with untrusted_registry.params as settings

allowed(request) if untrusted_registry.deny == set() with input as request with untrusted_registry.params as settings

# naming is a request to run busybox, changed by what is given.
naming(changes) := {"operation": "ContainerCreate", "images": [object.union(busybox, changes)]}

busybox := {
	"use": "run", "value": "busybox", "field": "Image", "valid": true, "id": false,
	"name": "docker.io/library/busybox",
}

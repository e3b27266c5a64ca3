package rules.image_writes_test

import rego.v2

import data.rules.image_writes

test_deny_a_trusted_name if {
	every use in ["tag", "commit", "build"] {
		image_writes.deny == {{
			"field": "repo",
			"msg": "the image would be called busybox:1, and pass as the trusted docker.io/library/busybox, as every name without a registry does",
		}} with input as writing({"use": use})
	}
}

test_say_nothing_of_names_without_a_registry_where_one_is_named if {
	image := {"value": "registry.example.com/app:1", "name": "registry.example.com/app"}
	{finding.msg | some finding in image_writes.deny} == {"the image would be called registry.example.com/app:1, and pass as the trusted registry.example.com/app"} with input as writing(image)
		with data.rules.untrusted_registry.params as {"trusted": ["registry.example.com"]}
}

test_deny_names_below_a_trusted_one if {
	every name in ["registry.example.com/app", "registry.example.com/team/app"] {
		count(image_writes.deny) == 1 with input as writing({"name": name})
			with data.rules.untrusted_registry.params as {"trusted": ["docker.io/library", "registry.example.com"]}
	}
}

test_deny_what_may_be_an_id if {
	image_writes.deny == {{
		"field": "repo",
		"msg": "the image would be called 3ea8da0e5084, which may be taken for the id of another",
	}} with input as writing({"value": "3ea8da0e5084", "id": true})
}

test_deny_what_is_no_name if {
	image_writes.deny == {{
		"field": "repo",
		"msg": "the image would be called Evil:1, which is no image name",
	}} with input as writing({"value": "Evil:1", "valid": false, "name": ""})
}

test_deny_in_the_second_name if {
	request := {"images": array.concat(untrusted.images, writing({"use": "build"}).images)}
	count(image_writes.deny) == 1 with input as request
}

test_allow_another_name if {
	allowed(untrusted)
	every name in ["docker.io/library2/busybox", "docker.io/acme/app", "registry.example.com/app"] {
		allowed(writing({"name": name}))
	}
}

test_allow_a_trusted_name_that_may_be_written if {
	allowed(writing({"name": "docker.io/library/app"})) with image_writes.params as {"allowed": ["docker.io/library/app"]}
	count(image_writes.deny) == 1 with input as writing({"name": "docker.io/library/app2"})
		with image_writes.params as {"allowed": ["docker.io/library/app"]}
}

test_allow_no_name_at_all if {
	allowed(writing({"use": "commit", "value": "", "valid": false, "name": ""}))
	allowed({"operation": "ImageBuild", "images": []})
}

test_allow_other_uses if {
	every use in ["tag_source", "pull", "push", "inspect", "remove"] {
		allowed(writing({"use": use}))
	}
}

test_deny_an_import if {
	every params in [{}, {"import": true, "load": true}] {
		image_writes.deny == {{
			"field": "repo",
			"msg": "an image would be made of a file or an address",
			"fix": "pull the image from a trusted registry",
		}} with input as writing({"use": "import"}) with image_writes.params as params
	}
}

test_deny_a_load if {
	image_writes.deny == {{
		"field": "the archive",
		"msg": "images would be loaded under any name",
		"fix": "pull the image from a trusted registry",
	}} with input as loading
}

test_allow_a_load_when_allowed if {
	allowed(loading) with image_writes.params as {"allowed": [], "load": true}
	count(image_writes.deny) == 1 with input as loading with image_writes.params as {"allowed": [], "load": false}
}

test_deny_when_params_are_missing if {
	every request in [writing({}), writing({"use": "import", "name": "localhost/app"}), loading] {
		count(image_writes.deny) == 1 with input as request with image_writes.params as {}
	}
}

allowed(request) if image_writes.deny == set() with input as request

# writing is a request that gives an image the name busybox:1, changed by what is given.
writing(changes) := {"operation": "ImageTag", "images": [object.union(
	{
		"use": "tag", "value": "busybox:1", "field": "repo", "valid": true, "id": false,
		"name": "docker.io/library/busybox",
	},
	changes,
)]}

untrusted := writing({"value": "localhost/app", "name": "localhost/app"})

loading := {"operation": "ImageLoad", "images": [{
	"use": "load", "value": "", "field": "the archive", "valid": false, "id": false,
	"name": "",
}]}

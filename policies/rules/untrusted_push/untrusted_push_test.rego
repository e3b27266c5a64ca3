package rules.untrusted_push_test

import rego.v2

import data.rules.untrusted_push

test_deny_another_registry if {
	untrusted_push.deny == {{
		"field": "path",
		"msg": "the image would be pushed to evil.example/app:1, which is not trusted",
		"fix": "push it under one of: docker.io/library, registry.example.com",
	}} with input as pushing({"value": "evil.example/app:1", "name": "evil.example/app"})
		with data.rules.untrusted_registry.params as {"trusted": ["registry.example.com", "docker.io/library"]}
}

test_deny_what_may_be_an_id_or_is_no_name if {
	every changes in [{"id": true}, {"valid": false}, {"name": "registry.example.com:5000/app"}] {
		count(untrusted_push.deny) == 1 with input as pushing(changes)
	}
}

test_deny_when_nothing_is_trusted if {
	count(untrusted_push.deny) == 1 with input as pushing({}) with data.rules.untrusted_registry.params as {}
}

test_allow_a_trusted_name if {
	untrusted_push.deny == set() with input as pushing({})
		with data.rules.untrusted_registry.params as {"trusted": ["registry.example.com"]}
}

test_allow_what_is_not_pushed if {
	untrusted_push.deny == set() with input as pushing({"use": "pull", "name": "evil.example/app"})
	untrusted_push.deny == set() with input as {"operation": "ImagePush", "images": []}
}

# pushing is a request to push registry.example.com/app:1, changed by what is given.
pushing(changes) := {"operation": "ImagePush", "images": [object.union(
	{
		"use": "push", "value": "registry.example.com/app:1", "field": "path", "valid": true, "id": false,
		"name": "registry.example.com/app",
	},
	changes,
)]}

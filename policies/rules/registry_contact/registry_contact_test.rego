package rules.registry_contact_test

import rego.v2

import data.rules.registry_contact

test_deny_another_registry if {
	every operation in ["DistributionInspect", "ImageSearch"] {
		registry_contact.deny == {{
			"field": "path",
			"msg": "the engine would contact the registry localhost:1, which is not trusted",
		}} with input as contact(operation, "localhost:1")
	}
}

test_deny_lookalikes_and_what_is_no_name if {
	every host in ["", "docker.io.evil.example", "registry.example.com:5000", "docker"] {
		count(registry_contact.deny) == 1 with input as contact("DistributionInspect", host)
			with data.rules.untrusted_registry.params as {"trusted": ["docker.io/library", "registry.example.com"]}
	}
}

test_deny_when_nothing_is_trusted if {
	count(registry_contact.deny) == 1 with input as contact("DistributionInspect", "docker.io")
		with data.rules.untrusted_registry.params as {}
}

test_allow_a_registry_with_a_trusted_name if {
	allowed(contact("DistributionInspect", "docker.io"))
	allowed(contact("ImageSearch", "registry.example.com")) with data.rules.untrusted_registry.params as {"trusted": ["registry.example.com/team"]}
}

test_allow_a_search_of_docker_hub if {
	every host in ["docker.io", "index.docker.io"] {
		allowed(contact("ImageSearch", host)) with data.rules.untrusted_registry.params as {"trusted": []}
	}
}

test_allow_no_contact if {
	allowed({"operation": "ImageSearch", "registry": null})
}

allowed(request) if registry_contact.deny == set() with input as request

contact(operation, host) := {"operation": operation, "registry": {"host": {"value": host, "field": "path"}}}

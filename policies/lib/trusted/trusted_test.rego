package lib.trusted_test

import rego.v2

import data.lib.trusted

test_names_under_a_trusted_name if {
	every name in [
		"docker.io/library/busybox",
		"registry.example.com/app",
		"registry.example.com/team/app",
		"quay.io/acme/app",
	] {
		image({"name": name})
	}
}

test_names_that_only_look_alike if {
	every name in [
		"docker.io/evilorg/app",
		"docker.io/library2/busybox",
		"docker.io/librar",
		"docker.io",
		"docker.io.evil.example/library/busybox",
		"registry.example.com.evil.example/app",
		"registry.example.com:5000/app",
		"registry.example.comx/app",
		"quay.io/acme/app2",
		"localhost:5000/library/busybox",
		"",
	] {
		not image({"name": name})
	}
}

test_what_may_be_an_id_or_is_no_name_is_not_trusted if {
	every changes in [{"id": true}, {"valid": false}] {
		not image(changes)
	}
}

test_an_id_is_trusted_by_what_was_looked_up if {
	every origins in [["docker.io/library/busybox"], ["evil.example/app", "registry.example.com/app"]] {
		by_id(origins)
	}
	every origins in [[], ["evil.example/app"], ["docker.io/library2/busybox"]] {
		not by_id(origins)
	}
}

by_id(origins) if {
	trusted.image(input.images[0]) with data.rules.untrusted_registry.params as settings
		with input as {
			"images": [object.union(busybox, {"id": true, "value": "3ea8"})],
			"facts": {"images": {"3ea8": {"state": "found", "origins": origins}}},
		}
}

test_registries_of_trusted_names if {
	every host in ["docker.io", "registry.example.com", "quay.io"] {
		registry(host)
	}
	every host in ["", "docker", "docker.io.evil.example", "registry.example.com:5000", "localhost:1", "evil.example"] {
		not registry(host)
	}
}

test_nothing_is_trusted_without_params if {
	every params in [{}, {"trusted": []}, {"trusted": null}] {
		not trusted.image(busybox) with data.rules.untrusted_registry.params as params
		not trusted.registry("docker.io") with data.rules.untrusted_registry.params as params
	}
}

image(changes) if {
	trusted.image(input.images[0]) with input as {"images": [object.union(busybox, changes)]}
		with data.rules.untrusted_registry.params as settings
}

registry(host) if {
	trusted.registry(input.registry.host.value) with input as {"registry": {"host": {"value": host}}}
		with data.rules.untrusted_registry.params as settings
}

busybox := {"valid": true, "id": false, "name": "docker.io/library/busybox"}

settings := {"trusted": ["docker.io/library", "registry.example.com", "quay.io/acme/app"]}

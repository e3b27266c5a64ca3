package rules.builds_test

import rego.v2

import data.rules.builds

test_deny_every_way_to_build if {
	every operation in ["ImageBuild", "Session", "GRPC"] {
		builds.deny == {{
			"field": "path",
			"msg": "an image would be built, which runs commands that are not shown",
		}} with input as {"operation": operation, "build": null}
	}
}

test_allow_every_way_to_build_when_allowed if {
	every operation in ["ImageBuild", "Session", "GRPC"] {
		allowed({"operation": operation, "build": null})
	}
}

test_deny_when_params_are_missing if {
	count(builds.deny) == 1 with input as building({}) with builds.params as {}
}

test_allow_what_clients_send if {
	every stated in [
		{},
		{"remote": "client-session", "outputs": `[{"Type":"local","Attrs":{}}]`},
		{"remote": "upload-request", "outputs": `[{"Type":"tar","Attrs":{}}]`},
		{"network": "default"},
		{"network": "none"},
		{"network": "front"},
		{"argument_names": ["HTTP_PROXY", "BUILDKIT_INLINE_CACHE"]},
	] {
		allowed(building(stated))
	}
}

test_deny_files_from_elsewhere if {
	builds.deny == {{
		"field": "remote",
		"msg": "the build would fetch its files from another server",
		"fix": "leave out this parameter",
	}} with input as building({"remote": "http://localhost:1/x.tar"}) with builds.params as permissive
}

test_deny_the_network_of_the_host_or_of_a_container if {
	every mode in ["host", "container:web", "container:"] {
		builds.deny == {{
			"field": "network",
			"msg": $"the build would join the network {mode}",
			"fix": "leave out this parameter",
		}} with input as building({"network": mode}) with builds.params as permissive
	}
}

test_deny_another_cgroup if {
	builds.deny == {{
		"field": "cgroup_parent",
		"msg": "the build would run in the cgroup /",
		"fix": "leave out this parameter",
	}} with input as building({"cgroup_parent": "/"}) with builds.params as permissive
}

test_deny_other_hosts if {
	builds.deny == {{
		"field": "extrahosts[0]",
		"msg": "the build would have hub:203.0.113.9 in its /etc/hosts",
		"fix": "leave out this parameter",
	}} with input as building({"extra_hosts": [{"value": "hub:203.0.113.9", "field": "extrahosts[0]"}]}) with builds.params as permissive
}

test_deny_security_options if {
	builds.deny == {{
		"field": "securityopt[0]",
		"msg": "the build would run with --security-opt seccomp=unconfined",
		"fix": "leave out this parameter",
	}} with input as building({"security_options": [{"value": "seccomp=unconfined", "field": "securityopt[0]"}]}) with builds.params as permissive
}

test_deny_an_output_that_may_write_an_image if {
	builds.deny == {{
		"field": "outputs",
		"msg": "the build would be stored under a name that is not shown",
		"fix": "leave out this parameter",
	}} with input as building({"outputs": `[{"Type":"moby","Attrs":{"name":"busybox"}}]`}) with builds.params as permissive
}

test_deny_layers_from_untrusted_images if {
	builds.deny == {{
		"field": "cachefrom[0]",
		"msg": "the build would take layers from evil.example/cache, which is not trusted",
		"fix": "leave out this parameter",
	}} with input as building({"cache_from": [{"value": "evil.example/cache", "field": "cachefrom[0]"}]}) with builds.params as permissive
}

test_allow_layers_from_trusted_images if {
	request := object.union(
		building({"cache_from": [{"value": "busybox", "field": "cachefrom[0]"}]}),
		{"images": [{
			"use": "cache", "value": "busybox", "field": "cachefrom[0]", "valid": true, "id": false,
			"name": "docker.io/library/busybox",
		}]},
	)
	allowed(request)
	not allowed(request) with data.rules.untrusted_registry.params as {}
}

test_deny_another_reader_of_the_dockerfile if {
	builds.deny == {{
		"field": "buildargs",
		"msg": "the build would be run by the image in BUILDKIT_SYNTAX",
		"fix": "leave out this parameter",
	}} with input as building({"argument_names": ["A", "BUILDKIT_SYNTAX"]}) with builds.params as permissive
}

allowed(request) if builds.deny == set() with input as request with builds.params as permissive

permissive := {"allowed": true}

# building is a build of which nothing is stated but what is given.
building(stated) := {"operation": "ImageBuild", "images": [], "build": object.union(
	{name: {"value": object.get(stated, name, ""), "field": name} | some name in ["remote", "network", "cgroup_parent", "outputs"]},
	{name: object.get(stated, name, []) | some name in ["argument_names", "cache_from", "extra_hosts", "security_options"]},
)}

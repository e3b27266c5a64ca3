package rules.docker_socket_test

import rego.v2

import data.rules.docker_socket

test_deny_the_engines_paths_what_is_below_and_what_is_above if {
	every path in [
		"/", "/etc", "/run", "/usr", "/usr/lib", "/var", "/var/lib", "/var/run",
		"/etc/bulwark", "/etc/bulwark/settings.yaml", "/etc/containerd", "/etc/docker", "/etc/docker/daemon.json",
		"/run/containerd", "/run/containerd/x", "/run/docker", "/run/docker.sock", "/run/docker/plugins",
		"/usr/lib/docker/plugins", "/var/lib/containerd", "/var/lib/docker", "/var/lib/docker/volumes/a/_data",
		"/var/run/containerd", "/var/run/docker", "/var/run/docker.sock",
		"/run/user/1000/docker.sock", "/home/a/.docker/run/docker.sock", "/mnt/containerd.sock",
	] {
		docker_socket.deny == {{
			"field": "HostConfig.Binds[0]",
			"msg": $"{path} of the host leads to the engine's socket or files, or to Bulwark's",
		}} with input as mounting("bind", path)
	}
}

test_deny_a_link_to_the_engines_paths if {
	docker_socket.deny == {{
		"field": "HostConfig.Binds[0]",
		"msg": "/srv/link of the host leads to the engine's socket or files, or to Bulwark's",
	}} with input as linked("/run")
	docker_socket.deny == set() with input as linked("/home")
}

linked(resolved) := object.union(mounting("bind", "/srv/link"), {"facts": {"paths": {"/srv/link": {"state": "found", "resolved": resolved}}}})

test_deny_a_volume_of_the_engines_paths if {
	every driver in ["", "local"] {
		docker_socket.deny == {
			{
				"field": "DriverOpts[\"device\"]",
				"msg": "/run of the host leads to the engine's socket or files, or to Bulwark's",
			},
			{
				"field": "DriverOpts[\"device\"]",
				"msg": "/etc/docker of the host leads to the engine's socket or files, or to Bulwark's",
			},
		} with input as creating(driver, ["/run", "/srv", "/etc/docker"])
	}
}

test_allow_other_paths if {
	every path in [
		"/srv", "/srv/run/docker", "/run/dockerx", "/run/docker.sock.bak", "/run/docker.soc", "/etc/dockerfiles", "/etc/bulwark2",
		"/var/lib/dockerd", "/var/log", "/usr/share", "/mnt/mydocker.sock", "/home", ".", "docker.sock",
	] {
		docker_socket.deny == set() with input as mounting("bind", path)
	}
}

test_allow_mounts_that_are_not_of_the_host if {
	every type in ["volume", "tmpfs", "image", "cluster"] {
		docker_socket.deny == set() with input as mounting(type, "/run")
	}
}

test_allow_a_volume_of_another_driver if {
	docker_socket.deny == set() with input as creating("rclone", ["/run"])
}

test_allow_nothing_mounted if {
	docker_socket.deny == set() with input as {"operation": "ContainerCreate", "container": {"mounts": []}, "volumes": []}
}

test_allow_a_request_without_a_container if {
	docker_socket.deny == set() with input as {"operation": "ContainerStart", "container": null, "volumes": []}
}

mounting(type, path) := {
	"operation": "ContainerCreate",
	"container": {"mounts": [{"field": "HostConfig.Binds[0]", "type": type, "source": path, "target": "/x"}]},
	"volumes": [],
}

creating(driver, paths) := {"operation": "VolumeCreate", "container": null, "volumes": [{
	"name": "data",
	"driver": driver,
	"options": [
		{"name": "type", "value": "none", "field": "DriverOpts[\"type\"]"},
		{"name": "device", "value": "x", "field": "DriverOpts[\"device\"]"},
	],
	"host_paths": paths,
	"field": "Driver",
}]}

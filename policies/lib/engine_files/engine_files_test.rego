package lib.engine_files_test

import rego.v2

import data.lib.engine_files

test_below if {
	every path in ["/run/docker.sock", "/etc/docker", "/etc/docker/daemon.json", "/home/a/docker.sock", "/mnt/containerd.sock"] {
		engine_files.below(input.container.mounts[0].source) with input as mounting(path)
	}
	every path in ["/", "/etc", "/run", "/etc/dockerfiles", "/run/docker.sock.bak", "docker.sock"] {
		not engine_files.below(input.container.mounts[0].source) with input as mounting(path)
	}
}

test_above if {
	every path in ["/", "/etc", "/run", "/var/lib"] {
		engine_files.above(input.container.mounts[0].source) with input as mounting(path)
	}
	every path in ["/etc/docker/daemon.json", "/etcetera", "/srv"] {
		not engine_files.above(input.container.mounts[0].source) with input as mounting(path)
	}
}

test_reported if {
	reported("/run/docker.sock", {"docker_socket": "deny", "host_binds": "deny"})
	reported("/run/docker.sock", {"docker_socket": "deny", "host_binds": "dryrun"})
	reported("/run/docker.sock", {"docker_socket": "dryrun", "host_binds": "dryrun"})
	not reported("/etc", {"docker_socket": "deny", "host_binds": "deny"})
	every weaker in ["dryrun", "off", ""] {
		not reported("/run/docker.sock", {"docker_socket": weaker, "host_binds": "deny"})
	}
	not reported("/run/docker.sock", {})
}

reported(path, enforcement) if {
	engine_files.reported(input.container.mounts[0].source) with input as mounting(path)
		with data.settings.enforcement as enforcement
}

mounting(path) := {"container": {"mounts": [{"source": path}]}}

# METADATA
# title: The engine's own files
# description: >-
#   Paths of the host that lead to the engine's socket or files, or to Bulwark's. A socket is known by its name wherever it
#   lies: a rootless engine's is below /run/user.
package lib.engine_files

import rego.v2

import data.lib.host_paths
import data.settings

# below says that a path is one of them, or below one.
below(path) if {
	some own in paths
	host_paths.below(path, own)
}

below(path) if strings.any_suffix_match(path, {"/docker.sock", "/containerd.sock"})

# above says that one of them is below a path.
above(path) if {
	some own in paths
	host_paths.below(own, path)
}

# reported says that the rule docker_socket denies a path, where host_binds does.
reported(path) if {
	below(path)
	settings.enforcement.docker_socket in {"deny", settings.enforcement.host_binds}
}

paths := {
	"/etc/bulwark", "/etc/containerd", "/etc/docker", "/run/containerd", "/run/docker", "/run/docker.sock",
	"/usr/lib/docker", "/var/lib/containerd", "/var/lib/docker", "/var/run/containerd",
	"/var/run/docker", "/var/run/docker.sock",
}

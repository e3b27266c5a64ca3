# METADATA
# title: The engine's own files mounted
# description: >-
#   Whoever reaches the engine's socket is root on the host and passes Bulwark by; so is whoever changes the engine's
#   files or Bulwark's. Such paths, all below and all above them are denied, even where the settings allow a host path.
# related_resources:
#   - description: Docker, daemon attack surface
#     ref: https://docs.docker.com/engine/security/#docker-daemon-attack-surface
# schemas:
#   - input: schema.input
# custom:
#   severity: critical
#   operations: [ContainerCreate, ContainerStart, ServiceCreate, ServiceUpdate, VolumeCreate]
#   profile: baseline
#   cis: ["5.32"]
#   pss: ["baseline: HostPath Volumes"]
#   remediation: leave this mount out; what has to talk to the engine belongs on the host, not into a container
package rules.docker_socket

import rego.v2

import data.lib.engine_files

deny contains {"field": mounted.field, "msg": msg} if {
	some mounted in host_paths
	some path in ({mounted.path} | {fact.resolved | fact := input.facts.paths[mounted.path]; fact.state == "found"})
	reaches_engine(path)
	msg := $"{mounted.path} of the host leads to the engine's socket or files, or to Bulwark's"
}

host_paths contains {"path": mount.source, "field": mount.field} if {
	some mount in input.container.mounts
	mount.type == "bind"
}

host_paths contains {"path": path, "field": $"{min({option.field | some option in volume.options})}"} if {
	some volume in input.volumes
	volume.driver in {"", "local"}
	some path in volume.host_paths
}

reaches_engine(path) if engine_files.below(path)

reaches_engine(path) if engine_files.above(path)

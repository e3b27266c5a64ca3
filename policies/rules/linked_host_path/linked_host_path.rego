# METADATA
# title: Host path that leads elsewhere
# description: >-
#   A symbolic link below an allowed path can lead to any other. The engine follows it when it mounts, so that where it
#   leads must be allowed as well.
# related_resources:
#   - description: Docker, bind mounts
#     ref: https://docs.docker.com/engine/storage/bind-mounts/
# schemas:
#   - input: schema.input
# custom:
#   severity: critical
#   operations: [ContainerCreate, ContainerStart, ServiceCreate, ServiceUpdate]
#   profile: baseline
#   cis: ["5.6", "5.18"]
#   pss: ["baseline: HostPath Volumes"]
#   remediation: name the path that it leads to, and have that allowed
package rules.linked_host_path

import rego.v2

import data.lib.host_paths
import data.rules.devices.params as devices
import data.rules.host_binds.params as binds

deny contains {"field": mount.field, "msg": msg} if {
	some mount in input.container.mounts
	mount.type == "bind"
	target := elsewhere(mount.source)
	not host_paths.mountable(target, mount, binds.allowed)
	msg := $"{mount.source} of the host leads to {target}, which may not be mounted"
}

deny contains {"field": device.field, "msg": msg} if {
	some device in input.container.devices
	target := elsewhere(device.host)
	not target in {entry.path | some entry in devices.allowed}
	msg := $"the device {device.host} of the host leads to {target}, which is not allowed"
}

elsewhere(path) := fact.resolved if {
	fact := input.facts.paths[path]
	fact.state == "found"
	fact.resolved != path
}

# METADATA
# title: Host path mounted
# description: >-
#   A bind mount hands the container a folder or file of the host, with root's rights on it: enough to read the host's
#   secrets, or to become root there. Only paths that the settings allow may be mounted, and what is below them.
# related_resources:
#   - description: Docker, bind mounts
#     ref: https://docs.docker.com/engine/storage/bind-mounts/
# schemas:
#   - input: schema.input
#   - data.rules.host_binds.params:
#       type: object
#       additionalProperties: false
#       properties:
#         allowed: {type: array, description: host paths that may be mounted with all below them; none that users can write to,
#           items: {type: object, additionalProperties: false, required: [path], properties: {
#             path: {type: string, pattern: "^/", format: path, description: an absolute path}, read_only: {type: boolean}}}}
# custom:
#   severity: critical
#   operations: [ContainerCreate, ContainerStart, ServiceCreate, ServiceUpdate]
#   profile: baseline
#   cis: ["5.6"]
#   pss: ["baseline: HostPath Volumes"]
#   remediation: use a named volume, e.g. -v data:/data, or a path that the settings allow
package rules.host_binds

import rego.v2

import data.lib.engine_files
import data.lib.host_paths
import data.rules.host_binds.params

deny contains {"field": mount.field, "msg": msg, "fix": fix} if {
	some mount in input.container.mounts
	mount.type == "bind"
	not allowed(mount)
	not engine_files.reported(mount.source) # by the rule docker_socket, which says more
	msg := $"{mount.source} of the host would be mounted at {mount.target}"
	fix := $"use a named volume, e.g. -v data:{mount.target}, or an allowed host path: {allowed_paths}"
}

allowed(mount) if {
	host_paths.mountable(mount.source, mount, params.allowed)
}

default allowed_paths := "none"

allowed_paths := concat(", ", [$"{entry.path}{suffix[object.get(entry, "read_only", false)]}" | some entry in params.allowed]) if params.allowed != []

suffix := {true: ":ro", false: ""}

# METADATA
# title: Tmpfs mounted with unsafe options
# description: >-
#   The engine mounts a tmpfs so that no program can be started from it (noexec), no setuid file counts (nosuid) and no
#   device file works (nodev). Options that undo this must be allowed by the settings.
# related_resources:
#   - description: Docker, tmpfs mounts
#     ref: https://docs.docker.com/engine/storage/tmpfs/
# schemas:
#   - input: schema.input
#   - data.rules.tmpfs_options.params:
#       type: object
#       additionalProperties: false
#       properties:
#         allowed:
#           description: options that may be used although they are not harmless, e.g. exec
#           type: array
#           items: {type: string, pattern: "^[a-z_]+$"}
# custom:
#   severity: medium
#   operations: [ContainerCreate, ContainerStart, ServiceCreate, ServiceUpdate]
#   profile: baseline
#   cis: ["5.13"]
#   remediation: leave exec, suid and dev out
package rules.tmpfs_options

import rego.v2

import data.rules.tmpfs_options.params

deny contains {"field": mount.field, "msg": msg, "fix": fix} if {
	some mount in input.container.mounts
	mount.type == "tmpfs"
	unsafe := {option | some option in mount.options; not allowed(option)}
	count(unsafe) > 0
	msg := $"the tmpfs at {mount.target} would be mounted with {concat(", ", unsafe)}"
	fix := $"leave {concat(", ", unsafe)} out; allowed beside harmless options: {allowed_options}"
}

allowed(option) if name(option) in harmless

allowed(option) if name(option) in params.allowed

# An option with a comma in it is several to the engine, and has no name.
name(option) := split(option, "=")[0] if not contains(option, ",")

harmless := {
	"async", "atime", "defaults", "diratime", "dirsync", "gid", "mode", "mpol", "noatime", "nodev", "nodiratime", "noexec", "nomand",
	"norelatime", "nostrictatime", "nosuid", "nr_blocks", "nr_inodes", "private", "relatime", "ro", "rprivate", "rw",
	"size", "strictatime", "sync", "uid",
}

default allowed_options := "none"

allowed_options := concat(", ", params.allowed) if params.allowed != []

# METADATA
# title: Working directory in /proc
# description: >-
#   Below /proc a working directory can be a folder of the host that the runtime still has open: with
#   /proc/self/fd/7 and the like, containers broke out of runc before 1.1.12 (CVE-2024-21626).
# related_resources:
#   - description: runc, container breakout through file descriptor leaks
#     ref: https://github.com/opencontainers/runc/security/advisories/GHSA-xr7r-f8xq-vfvv
# schemas:
#   - input: schema.input
# custom:
#   severity: high
#   operations: [ContainerCreate, ContainerStart, ServiceCreate, ServiceUpdate, ContainerExec]
#   profile: baseline
#   remediation: use a folder of the image, e.g. --workdir /app
package rules.working_dir

import rego.v2

deny contains {"field": dir.field, "msg": msg} if {
	some dir in dirs
	strings.any_prefix_match($"/{trim_left(dir.value, "/")}/", {"/proc/", "/dev/fd/"})
	msg := $"the program would start in {dir.value}, which may be a folder of the host"
}

dirs contains input.container.working_dir

dirs contains input.exec.working_dir

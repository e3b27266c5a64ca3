# METADATA
# title: Seccomp switched off or weakened
# description: >-
#   The engine's seccomp profile keeps a container from system calls that it does not need and that have led out of
#   containers before. A request may bring a profile of its own only if it refuses at least as much.
# related_resources:
#   - description: Docker, seccomp security profiles
#     ref: https://docs.docker.com/engine/security/seccomp/
# schemas:
#   - input: schema.input
# custom:
#   severity: high
#   operations: [ContainerCreate, ContainerStart, ServiceCreate, ServiceUpdate]
#   profile: baseline
#   cis: ["5.22"]
#   pss: ["baseline: Seccomp", "restricted: Seccomp"]
#   remediation: leave --security-opt seccomp out, so that the engine's own profile applies
package rules.seccomp_disabled

import rego.v2

deny contains {"field": seccomp.field, "msg": msg} if {
	not seccomp.mode in {"", "builtin", "profile", "invalid"}
	msg := $"the container would run without a seccomp profile ({seccomp.field} is {seccomp.mode})"
}

deny contains {"field": seccomp.field, "msg": "the seccomp profile cannot be read"} if seccomp.mode == "invalid"

deny contains {"field": seccomp.field, "msg": msg} if {
	count(seccomp.weaker) > 0
	some_of_them := concat(", ", array.slice(seccomp.weaker, 0, 5))
	msg := $"the seccomp profile {resembles}allows what the engine's own refuses: {some_of_them}"
}

default resembles := ""

# What the profiles of engines 19.03 to 28 allowed, and later ones no longer do.
resembles := "is like that of an older engine, and " if {
	every name in seccomp.weaker { name in {"clone", "io_uring_enter", "io_uring_register", "io_uring_setup", "socket"} }
}

seccomp := input.container.security.seccomp

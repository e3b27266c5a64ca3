# METADATA
# title: Namespace of the host shared
# description: >-
#   A container that shares a namespace with the host sees the host's processes, memory, network or user IDs as if it
#   were no container.
# related_resources:
#   - description: docker run, PID, IPC, UTS and network settings
#     ref: https://docs.docker.com/reference/cli/docker/container/run/#pid
# schemas:
#   - input: schema.input
# custom:
#   severity: high
#   operations: [ContainerCreate, ContainerStart, ServiceCreate, ServiceUpdate, NetworkConnect]
#   profile: baseline
#   cis: ["5.10", "5.16", "5.17", "5.21", "5.25", "5.31"]
#   pss: ["baseline: Host Namespaces"]
#   remediation: leave --pid, --ipc, --network, --uts, --userns and --cgroupns out
package rules.host_namespaces

import rego.v2

deny contains {"field": namespace.field, "msg": msg, "fix": fix} if {
	some kind, [flag, what] in shared
	namespace := input.container.namespaces[kind]
	namespace.mode == "host"
	not shared_by_default(kind)
	msg := $"the container would share the host's {what}"
	fix := $"leave {flag} host out"
}

deny contains {"field": endpoint.field, "msg": msg, "fix": "leave --network host out"} if {
	msg := "the container would share the host's network"
	some endpoint in input.endpoints
	"host" in ({endpoint.network} | {fact.driver | fact := input.facts.networks[endpoint.network]})
}

deny contains {"field": namespace.field, "msg": msg, "fix": $"leave {flag} {namespace.value} out"} if {
	some kind, [flag, _] in shared
	namespace := input.container.namespaces[kind]
	reason := refused[namespace.mode]
	msg := $"{reason} ({namespace.field} is {namespace.value})"
}

# On cgroup v1 the engine itself asks for it, and says so of every container.
shared_by_default("cgroup") if input.facts.host.cgroup_v1

shared := {
	"pid": ["--pid", "processes"], "ipc": ["--ipc", "memory"], "network": ["--network", "network"],
	"uts": ["--uts", "host name"], "user": ["--userns", "user IDs"], "cgroup": ["--cgroupns", "cgroups"],
}

refused := {"shareable": "other containers could join the container's memory", "other": "no engine is known to have this mode"}

# METADATA
# title: Capability added
# description: >-
#   Beyond the engine's default set, a capability gives a container a part of root's power over the host: SYS_ADMIN
#   nearly all of it. Only capabilities of the default set, and those that the settings allow, may be added.
# related_resources:
#   - description: docker run, runtime privilege and Linux capabilities
#     ref: https://docs.docker.com/engine/containers/run/#runtime-privilege-and-linux-capabilities
# schemas:
#   - input: schema.input
#   - data.rules.cap_add.params:
#       type: object
#       additionalProperties: false
#       properties:
#         allowed:
#           description: capabilities that may be added beyond the engine's default set
#           type: array
#           items: {type: string, description: "in upper case, without CAP_", enum: [ALL,
#             AUDIT_CONTROL, AUDIT_READ, AUDIT_WRITE, BLOCK_SUSPEND, BPF, CHECKPOINT_RESTORE, CHOWN,
#             DAC_OVERRIDE, DAC_READ_SEARCH, FOWNER, FSETID, IPC_LOCK, IPC_OWNER, KILL, LEASE, LINUX_IMMUTABLE,
#             MAC_ADMIN, MAC_OVERRIDE, MKNOD, NET_ADMIN, NET_BIND_SERVICE, NET_BROADCAST, NET_RAW, PERFMON,
#             SETFCAP, SETGID, SETPCAP, SETUID, SYS_ADMIN, SYS_BOOT, SYS_CHROOT, SYS_MODULE, SYS_NICE, SYS_PACCT,
#             SYS_PTRACE, SYS_RAWIO, SYS_RESOURCE, SYS_TIME, SYS_TTY_CONFIG, SYSLOG, WAKE_ALARM]}
# custom:
#   severity: critical
#   operations: [ContainerCreate, ContainerStart, ServiceCreate, ServiceUpdate]
#   profile: baseline
#   cis: ["5.4"]
#   pss: ["baseline: Capabilities"]
#   remediation: leave --cap-add out
package rules.cap_add

import rego.v2

import data.lib.capabilities
import data.rules.cap_add.params

deny contains {"field": capability.field, "msg": msg, "fix": fix} if {
	some capability in input.container.capabilities.add
	not capability.value in capabilities.engine_default
	not capability.value in params.allowed
	msg := $"the capability {capability.value} would be added"
	fix := $"leave --cap-add {capability.value} out; allowed beside the engine's default set: {allowed}"
}

default allowed := "none"

allowed := concat(", ", params.allowed) if params.allowed != []

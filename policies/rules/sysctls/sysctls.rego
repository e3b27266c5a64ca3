# METADATA
# title: Kernel setting changed
# description: >-
#   Some sysctls change how a container's network treats packets, or reach beyond the container. Those that the
#   Kubernetes Pod Security Standards call safe may be set.
# related_resources:
#   - description: docker run, configure namespaced kernel parameters at runtime
#     ref: https://docs.docker.com/reference/cli/docker/container/run/#sysctl
#   - description: Kubernetes, Pod Security Standards
#     ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline
# schemas:
#   - input: schema.input
#   - data.rules.sysctls.params:
#       type: object
#       additionalProperties: false
#       properties:
#         allowed:
#           description: >-
#             sysctls that may be set, by their whole name; com.docker.network.endpoint.sysctls stands for all of a
#             network interface
#           type: array
#           items: {type: string, minLength: 1}
# custom:
#   severity: medium
#   operations: [ContainerCreate, ContainerStart, ServiceCreate, ServiceUpdate, NetworkConnect]
#   profile: baseline
#   pss: ["baseline: Sysctls"]
#   remediation: leave --sysctl out
package rules.sysctls

import rego.v2

import data.rules.sysctls.params

deny contains {"field": sysctl.field, "msg": msg, "fix": fix} if {
	some sysctl in sysctls
	not sysctl.name in params.allowed
	msg := $"{sysctl.name} would be set"
	fix := $"leave --sysctl out; allowed: {allowed}"
}

sysctls contains sysctl if some sysctl in input.container.sysctls

# A network's driver can set them too, on the container's interface.
sysctls contains option if {
	some endpoint in input.endpoints
	some option in endpoint.driver_options
	option.name == "com.docker.network.endpoint.sysctls"
}

default allowed := "none"

allowed := concat(", ", params.allowed) if params.allowed != []

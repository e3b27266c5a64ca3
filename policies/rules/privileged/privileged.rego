# METADATA
# title: Privileged container
# description: >-
#   A privileged container has every capability, every device and no seccomp, AppArmor or SELinux confinement: root in
#   it is root on the host.
# related_resources:
#   - description: docker run, full container capabilities
#     ref: https://docs.docker.com/engine/containers/run/#runtime-privilege-and-linux-capabilities
# schemas:
#   - input: schema.input
# custom:
#   severity: critical
#   operations: [ContainerCreate, ContainerStart]
#   profile: baseline
#   cis: ["5.5"]
#   pss: ["baseline: Privileged Containers"]
#   remediation: drop --privileged, and add with --cap-add or --device only what the container needs
package rules.privileged

import rego.v2

deny contains {"field": privileged.field, "msg": msg} if {
	privileged := input.container.privileged
	privileged.value
	msg := $"the container would have all of the host's powers ({privileged.field} is true)"
}

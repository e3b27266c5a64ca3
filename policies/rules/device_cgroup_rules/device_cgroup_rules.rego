# METADATA
# title: Device rule added
# description: >-
#   A device rule lets a container make device files for hardware of the host by itself, with a wildcard for all of it.
#   It does what --device does, and does not even name the device.
# related_resources:
#   - description: docker run, device cgroup rules
#     ref: https://docs.docker.com/reference/cli/docker/container/run/#device-cgroup-rule
# schemas:
#   - input: schema.input
# custom:
#   severity: critical
#   operations: [ContainerCreate, ContainerStart]
#   profile: baseline
#   cis: ["5.18"]
#   remediation: leave --device-cgroup-rule out, and name a device that the settings allow with --device
package rules.device_cgroup_rules

import rego.v2

deny contains {"field": rule.field, "msg": msg} if {
	some rule in input.container.device_cgroup_rules
	msg := $"the container could make device files of its own ({rule.field} is {rule.value})"
}

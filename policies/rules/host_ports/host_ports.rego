# METADATA
# title: Privileged port of the host published
# description: >-
#   The ports below 1024 are for the host's own services: who answers on one of them is taken for the host.
# related_resources:
#   - description: docker run, publish or expose ports
#     ref: https://docs.docker.com/reference/cli/docker/container/run/#publish
# schemas:
#   - input: schema.input
#   - data.rules.host_ports.params:
#       type: object
#       additionalProperties: false
#       properties:
#         minimum:
#           description: the lowest port of the host that may be published
#           type: integer
#           minimum: 1
#           maximum: 65535
# custom:
#   severity: medium
#   operations: [ContainerCreate, ContainerStart, ServiceCreate, ServiceUpdate]
#   profile: baseline
#   cis: ["5.8"]
#   pss: ["baseline: Host Ports"]
#   remediation: publish on a higher port, e.g. -p 8080:80
package rules.host_ports

import rego.v2

import data.rules.host_ports.params

deny contains {"field": port.field, "msg": msg, "fix": fix} if {
	some port in input.container.ports
	not allowed(port)
	msg := what(port)
	fix := $"use a port from {params.minimum} up, e.g. -p 8080:{port.container_port}"
}

allowed(port) if port.host_first >= params.minimum

# The engine picks a port by itself.
allowed(port) if port.host_last == 0

default what(_) := "what would be published is not a port of the host"

what(port) := $"port {port.host_first} of the host would be published" if {
	port.host_first == port.host_last
	port.host_first > 0
}

what(port) := $"a port of {port.host_first}-{port.host_last} of the host would be published" if port.host_first < port.host_last

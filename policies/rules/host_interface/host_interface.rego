# METADATA
# title: Port published on every interface
# description: >-
#   A port that is published without an address of the host is open to every network that the host is on, whatever its
#   firewall says.
# related_resources:
#   - description: Docker, publishing ports
#     ref: https://docs.docker.com/engine/network/port-publishing/
# schemas:
#   - input: schema.input
# custom:
#   severity: low
#   operations: [ContainerCreate, ContainerStart]
#   profile: restricted
#   cis: ["5.14"]
#   remediation: name the address to listen on, e.g. --publish 127.0.0.1:8080:80
package rules.host_interface

import rego.v2

deny contains {"field": port.field, "msg": $"port {port.container_port} would be open on every interface of the host"} if {
	some port in input.container.ports
	every_interface(port.host_ip)
}

every_interface(ip) if ip in {"", "0.0.0.0", "::", "::ffff:0.0.0.0"}

# Engine 20.10 cannot read an address with a zone, and takes it for none.
every_interface(ip) if contains(ip, "%")

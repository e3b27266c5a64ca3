# METADATA
# title: Names answered by the request
# description: >-
#   Entries for /etc/hosts, other name servers and links tell a container which machine a name stands for. Whoever sets
#   them can pass another machine off as a registry or a database.
# related_resources:
#   - description: docker run, hosts and name servers
#     ref: https://docs.docker.com/reference/cli/docker/container/run/#add-host
# schemas:
#   - input: schema.input
# custom:
#   severity: low
#   operations: [ContainerCreate, ContainerStart, ServiceCreate, ServiceUpdate, NetworkConnect]
#   profile: restricted
#   remediation: leave it out; containers on a network of their own find each other by name
package rules.extra_hosts

import rego.v2

deny contains {"field": host.field, "msg": $"the container would have {host.value} in its /etc/hosts"} if {
	some host in input.container.extra_hosts
}

deny contains {"field": server.field, "msg": $"the container would ask the name server {server.value}"} if {
	some server in input.container.dns
}

deny contains {"field": link.field, "msg": $"the container would be linked to {link.value}"} if {
	some link in input.container.links
}

deny contains {"field": $"{endpoint.field}.Links", "msg": $"the container would be linked to {link}"} if {
	some endpoint in input.endpoints
	some link in endpoint.links
}

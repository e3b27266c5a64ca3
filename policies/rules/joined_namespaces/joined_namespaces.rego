# METADATA
# title: Namespace of another container joined
# description: >-
#   A container that joins another one's namespace can look into its processes, memory or network traffic, and has what
#   that container was allowed. The other container is named in the request, and a name can be given to another one.
# related_resources:
#   - description: docker run, joining another container's PID namespace
#     ref: https://docs.docker.com/reference/cli/docker/container/run/#pid
# schemas:
#   - input: schema.input
# custom:
#   severity: medium
#   operations: [ContainerCreate, ContainerStart]
#   profile: baseline
#   cis: ["5.10", "5.16", "5.17"]
#   pss: ["baseline: Host Namespaces"]
#   remediation: >-
#     let containers meet on a network, e.g. docker network create app, and docker run --network app
package rules.joined_namespaces

import rego.v2

deny contains {"field": namespace.field, "msg": msg} if {
	some namespace in input.container.namespaces
	namespace.mode == "container"
	msg := $"the container would not be isolated from another one ({namespace.field} is {namespace.value})"
}

# METADATA
# title: Input typed into a running container
# description: >-
#   Who is attached to a container's input gives commands to whatever runs there, with its rights, and nothing of it is
#   shown to Bulwark.
# related_resources:
#   - description: docker attach
#     ref: https://docs.docker.com/reference/cli/docker/container/attach/
# schemas:
#   - input: schema.input
# custom:
#   severity: medium
#   operations: [ContainerAttach, ContainerAttachWebsocket]
#   profile: restricted
#   remediation: use docker attach --no-stdin, docker logs, or docker run without --interactive
package rules.attach_stdin

import rego.v2

deny contains {"field": "stdin", "msg": $"the client could type into the container {input.object}"} if stdin

stdin if {
	some value in input.query.stdin
	not lower(trim_space(value)) in {"", "0", "no", "false", "none"}
}

# Below API 1.42 a websocket always has the container's input.
stdin if {
	input.operation == "ContainerAttachWebsocket"
	not input.api_minor >= 42
}

# METADATA
# title: Unusual arguments for ps
# description: >-
#   The engine runs ps as root on the host and picks the container's processes from what it prints. Arguments that rename
#   or hide columns can make it pick others.
# related_resources:
#   - description: docker container top
#     ref: https://docs.docker.com/reference/cli/docker/container/top/
# schemas:
#   - input: schema.input
# custom:
#   severity: medium
#   operations: [ContainerTop]
#   profile: baseline
#   remediation: use plain options of ps, e.g. docker top web -o pid,cmd
package rules.ps_arguments

import rego.v2

deny contains {"field": "ps_args", "msg": $"ps would be run with {arguments}"} if {
	some arguments in input.query.ps_args
	not regex.match(`^[A-Za-z, -]*$`, arguments)
}

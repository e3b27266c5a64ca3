# METADATA
# title: Every port published
# description: >-
#   With --publish-all the image decides which ports are reachable from outside, on every address of the host.
# related_resources:
#   - description: docker run, publish or expose ports
#     ref: https://docs.docker.com/reference/cli/docker/container/run/#publish
# schemas:
#   - input: schema.input
# custom:
#   severity: medium
#   operations: [ContainerCreate, ContainerStart]
#   profile: baseline
#   cis: ["5.9", "5.14"]
#   remediation: publish the ports that are needed, e.g. -p 127.0.0.1:8080:80
package rules.publish_all

import rego.v2

deny contains {"field": flag.field, "msg": msg} if {
	flag := input.container.publish_all
	flag.value
	msg := $"every port that the image names would be published ({flag.field} is true)"
}

# METADATA
# title: Programs can gain privileges
# description: >-
#   Without no-new-privileges a program with the setuid bit, such as su or one of the image's own, makes any user in the
#   container root there.
# related_resources:
#   - description: docker run, security options
#     ref: https://docs.docker.com/reference/cli/docker/container/run/#security-opt
# schemas:
#   - input: schema.input
# custom:
#   severity: medium
#   operations: [ContainerCreate, ContainerStart, ServiceCreate, ServiceUpdate]
#   profile: restricted
#   cis: ["5.26"]
#   pss: ["restricted: Privilege Escalation"]
#   remediation: use --security-opt no-new-privileges
package rules.no_new_privileges

import rego.v2

deny contains {"field": field, "msg": $"programs could become root with setuid ({field} lacks {option})"} if {
	no_new_privileges := input.container.security.no_new_privileges
	no_new_privileges.value != "true"
}

default field := "HostConfig.SecurityOpt"

field := "TaskTemplate.ContainerSpec.Privileges" if startswith(input.operation, "Service")

default option := "no-new-privileges"

option := "NoNewPrivileges" if startswith(input.operation, "Service")

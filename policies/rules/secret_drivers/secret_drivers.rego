# METADATA
# title: Secret or config from a driver
# description: >-
#   With a driver the value of a secret comes from a plugin, which runs as root. With a template it is put together from
#   other secrets and configs, which its reader may not be meant to see.
# related_resources:
#   - description: docker secret create
#     ref: https://docs.docker.com/reference/cli/docker/secret/create/
# schemas:
#   - input: schema.input
# custom:
#   severity: medium
#   operations: [SecretCreate, SecretUpdate, ConfigCreate, ConfigUpdate]
#   profile: baseline
#   cis: ["7.4"]
#   remediation: create it from its value alone, without --driver and --template-driver
package rules.secret_drivers

import rego.v2

deny contains {"field": driver.field, "msg": $"the value of {input.sensitive.name} would come from the driver {driver.value}"} if {
	driver := input.sensitive.driver
	driver.value != ""
}

deny contains {"field": driver.field, "msg": $"the value of {input.sensitive.name} would be a template for the driver {driver.value}"} if {
	driver := input.sensitive.templating
	driver.value != ""
}

# METADATA
# title: Contact with an untrusted registry
# description: >-
#   The engine asks whatever host an image name or a search term starts with, also one that only this host can reach, and
#   takes the client's credentials along. Only registries with a trusted name may be asked; searching Docker Hub is fine.
# related_resources:
#   - description: docker search
#     ref: https://docs.docker.com/reference/cli/docker/search/
# schemas:
#   - input: schema.input
# custom:
#   severity: medium
#   operations: [DistributionInspect, ImageSearch]
#   profile: baseline
#   cis: ["4.2"]
#   remediation: name a registry that the rule untrusted_registry trusts
package rules.registry_contact

import rego.v2

import data.lib.trusted

deny contains {"field": host.field, "msg": msg} if {
	host := input.registry.host
	not trusted.registry(host.value)
	not docker_hub_search
	msg := $"the engine would contact the registry {host.value}, which is not trusted"
}

docker_hub_search if {
	input.operation == "ImageSearch"
	input.registry.host.value in {"docker.io", "index.docker.io"}
}

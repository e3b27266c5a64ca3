# METADATA
# title: Login to a registry through the engine
# description: >-
#   docker login has the engine try the password on a server that the request names, and the engine shows that request to
#   no plugin. It can be any host that this one reaches, so that a login is denied unless the settings allow all of them.
# related_resources:
#   - description: docker login
#     ref: https://docs.docker.com/reference/cli/docker/login/
# schemas:
#   - input: schema.input
#   - data.rules.registry_login.params:
#       type: object
#       additionalProperties: false
#       properties:
#         allowed: {type: boolean, description: true to allow docker login to any server}
# custom:
#   severity: medium
#   operations: [SystemAuth]
#   profile: baseline
#   remediation: write the credentials to ~/.docker/config.json without docker login, e.g. with a credential helper
package rules.registry_login

import rego.v2

import data.rules.registry_login.params

deny contains {"field": "the body", "msg": "the engine would contact a server that is not shown"} if not params.allowed

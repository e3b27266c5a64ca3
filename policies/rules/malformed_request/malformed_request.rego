# METADATA
# title: Request that can be read in more than one way
# description: >-
#   A request with a repeated key, an unknown field, a hidden form or a body that was kept back may mean something else
#   to the engine than to Bulwark. Ordinary clients never send one, and what the engine would do with it is not guessed.
# related_resources:
#   - description: Docker Engine API
#     ref: https://docs.docker.com/reference/api/engine/
# schemas:
#   - input: schema.input
# custom:
#   severity: critical
#   operations: ["*"]
#   profile: baseline
#   remediation: send the request as the docker command does
package rules.malformed_request

import rego.v2

deny contains {"field": anomaly.field, "msg": anomaly.detail} if some anomaly in input.anomalies

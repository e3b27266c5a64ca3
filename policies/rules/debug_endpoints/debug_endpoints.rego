# METADATA
# title: Debug data of the engine
# description: >-
#   The engine's debug addresses show what is in its memory and its command line, and profiling slows it down for
#   everybody. No docker command uses them.
# related_resources:
#   - description: Docker, troubleshooting the daemon
#     ref: https://docs.docker.com/engine/daemon/troubleshoot/
# schemas:
#   - input: schema.input
# custom:
#   severity: high
#   operations: [DebugVars, DebugPprof]
#   profile: baseline
#   remediation: use docker info or docker system df, or ask the operator of this host
package rules.debug_endpoints

import rego.v2

deny contains {"field": "path", "msg": $"{input.path} would show the engine's internals"}

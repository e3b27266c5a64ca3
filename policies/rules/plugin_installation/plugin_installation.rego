# METADATA
# title: Plugin of the engine installed or changed
# description: >-
#   A plugin runs as root on the host with every power that it asks for. Only the operator of the host may install one,
#   switch one on, or change what it is given.
# related_resources:
#   - description: docker plugin
#     ref: https://docs.docker.com/reference/cli/docker/plugin/
# schemas:
#   - input: schema.input
# custom:
#   severity: critical
#   operations: [PluginPull, PluginCreate, PluginEnable, PluginUpgrade, PluginSet, GetPluginPrivileges, PluginPush]
#   profile: baseline
#   cis: ["2.12"]
#   remediation: ask the operator of this host to do it
package rules.plugin_installation

import rego.v2

deny contains {"field": "path", "msg": $"the plugin {name} would be {verb[input.operation]}"}

default name := ""

name := input.plugin.remote.value if input.plugin.remote.value != ""

else := input.plugin.name

verb := {
	"PluginPull": "installed",
	"PluginCreate": "created",
	"PluginEnable": "switched on",
	"PluginUpgrade": "replaced",
	"PluginSet": "changed",
	"GetPluginPrivileges": "looked up in its registry",
	"PluginPush": "sent to its registry",
}

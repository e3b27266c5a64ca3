# METADATA
# title: Bulwark switched off or changed
# description: >-
#   An authorization plugin that is disabled, removed, upgraded or reconfigured stops deciding at once. The plugin can be
#   named by an alias, an id or a part of an id, so that this holds for every plugin and cannot be switched off.
# related_resources:
#   - description: Docker, access authorization plugins
#     ref: https://docs.docker.com/engine/extend/plugins_authorization/
# schemas:
#   - input: schema.input
# custom:
#   severity: critical
#   operations: [PluginDisable, PluginDelete, PluginUpgrade, PluginSet]
#   profile: baseline
#   locked: true
#   remediation: >-
#     as root on the host, take Bulwark out of authorization-plugins in /etc/docker/daemon.json, and make dockerd read it
#     with kill -HUP $(pidof dockerd)
package rules.self_protection

import rego.v2

deny contains {"field": "name", "msg": msg} if {
	msg := $"the plugin {input.object} may be Bulwark under another name, and would be {verb[input.operation]}"
}

verb := {
	"PluginDisable": "disabled",
	"PluginDelete": "removed",
	"PluginUpgrade": "replaced",
	"PluginSet": "changed",
}

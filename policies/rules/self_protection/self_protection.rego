# METADATA
# title: Bulwark switched off or changed
# description: >-
#   An authorization plugin that is disabled, removed, upgraded or reconfigured stops deciding at once. It can be named by
#   an alias, an id or a part of an id, so that this holds for every plugin unless the engine tells that it is another one
#   and decides on no requests. It cannot be switched off.
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
	not another
	msg := $"the plugin {input.object} {what}, and would be {verb[input.operation]}"
}

plugin := input.facts.plugins[input.object]

another if {
	plugin.state == "found"
	not plugin.own
	not plugin.authorizes
}

default what := "may be Bulwark under another name"

what := "is Bulwark" if plugin.own

what := "decides on requests, too" if {
	plugin.state == "found"
	not plugin.own
}

verb := {
	"PluginDisable": "disabled",
	"PluginDelete": "removed",
	"PluginUpgrade": "replaced",
	"PluginSet": "changed",
}

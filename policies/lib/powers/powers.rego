# METADATA
# title: Powers over the host
# description: What a container of the engine has that the rules deny to others, each as the end of a sentence about it.
package lib.powers

import rego.v2

import data.lib.capabilities
import data.lib.host_paths
import data.rules.cap_add.params as cap_add
import data.rules.devices.params as devices
import data.rules.host_binds.params as host_binds

of(fact) := inside(fact) | others(fact)

# What only those have who are in the container, or see its processes.
inside(fact) := union({
	{$"has {path} of the host mounted" |
		some path in fact.host_paths
		not host_paths.below_any(path, host_binds.allowed)
	},
	{$"may use the device {device} of the host" |
		some device in fact.devices
		not device in {entry.path | some entry in devices.allowed}
	},
})

others(fact) := union({
	{"is privileged" | fact.privileged},
	{$"shares the host's {namespace} namespace" | some namespace in fact.host_namespaces},
	{$"has the added capability {capability}" |
		some capability in fact.capabilities
		not capability in cap_add.allowed
		not capability in capabilities.engine_default
	},
})

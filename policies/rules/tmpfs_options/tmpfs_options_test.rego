package rules.tmpfs_options_test

import rego.v2

import data.rules.tmpfs_options

test_deny_unsafe_options if {
	tmpfs_options.deny == {finding("dev, exec, suid", "none")} with input as mounting(["suid", "size=1m", "exec", "nodev", "dev"])
}

test_deny_what_is_not_known_to_be_harmless if {
	every option in ["exec", "suid", "dev", "bind", "rbind", "remount", "shared", "rslave", "Noexec", " exec", "", "=x", "size=1m,exec", "exec=x"] {
		tmpfs_options.deny == {finding(option, "none")} with input as mounting([option])
	}
}

test_allow_harmless_options if {
	every options in [
		[], ["defaults"], ["rw", "noexec", "nosuid", "nodev", "size=65536k", "mode=1777"], ["ro", "noatime"],
		["uid=1000", "gid=1000", "nr_inodes=1k"], ["size=50%"],
	] {
		tmpfs_options.deny == set() with input as mounting(options)
	}
}

test_allow_what_the_settings_allow if {
	tmpfs_options.deny == set() with input as mounting(["exec", "size=1m"]) with tmpfs_options.params as settings
}

test_deny_what_the_settings_do_not_allow if {
	tmpfs_options.deny == {finding("suid", "exec, mand")} with input as mounting(["exec", "suid"]) with tmpfs_options.params as settings
}

test_deny_when_params_are_missing if {
	tmpfs_options.deny == {finding("exec", "none")} with input as mounting(["exec", "size=1m"]) with tmpfs_options.params as {}
}

test_allow_options_of_other_mounts if {
	tmpfs_options.deny == set() with input as {"operation": "ContainerCreate", "container": {"mounts": [{
		"field": "HostConfig.Binds[0]",
		"type": "volume",
		"target": "/data",
		"options": ["z", "nocopy"],
	}]}}
}

test_allow_a_request_without_a_container if {
	tmpfs_options.deny == set() with input as {"operation": "ContainerStart", "container": null}
}

settings := {"allowed": ["exec", "mand"]}

mounting(options) := {"operation": "ContainerCreate", "container": {"mounts": [{
	"field": "HostConfig.Tmpfs[\"/tmp\"]",
	"type": "tmpfs",
	"target": "/tmp",
	"options": options,
}]}}

finding(options, allowed) := {
	"field": "HostConfig.Tmpfs[\"/tmp\"]",
	"msg": $"the tmpfs at /tmp would be mounted with {options}",
	"fix": $"leave {options} out; allowed beside harmless options: {allowed}",
}

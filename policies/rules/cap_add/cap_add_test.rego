package rules.cap_add_test

import rego.v2

import data.rules.cap_add

test_deny_beyond_the_default_set if {
	every capability in ["ALL", "SYS_ADMIN", "SYS_MODULE", "DAC_READ_SEARCH", "BPF", "NET_ADMIN", "SYS_PTRACE", "NO_SUCH"] {
		cap_add.deny == {finding(0, capability, "none")} with input as adding([capability])
	}
}

test_deny_each_one if {
	cap_add.deny == {finding(1, "SYS_ADMIN", "none"), finding(2, "ALL", "none")} with input as adding(["CHOWN", "SYS_ADMIN", "ALL"])
}

test_allow_the_default_set if {
	cap_add.deny == set() with input as adding([
		"AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE",
		"NET_RAW", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT",
	])
}

test_allow_nothing_added if {
	cap_add.deny == set() with input as adding([])
}

test_allow_what_the_settings_allow if {
	cap_add.deny == set() with input as adding(["NET_ADMIN"]) with cap_add.params as settings
}

test_deny_what_the_settings_do_not_allow if {
	every capability in ["SYS_ADMIN", "ALL", "NET_ADMI", "NET_ADMINX"] {
		cap_add.deny == {finding(0, capability, "NET_ADMIN, SYS_NICE")} with input as adding([capability]) with cap_add.params as settings
	}
}

test_deny_when_params_are_missing if {
	cap_add.deny == {finding(0, "SYS_ADMIN", "none")} with input as adding(["SYS_ADMIN"]) with cap_add.params as {}
}

settings := {"allowed": ["NET_ADMIN", "SYS_NICE"]}

adding(names) := {"operation": "ContainerCreate", "container": {"capabilities": {"add": [
{"value": name, "field": $"HostConfig.CapAdd[{i}]"} |
	some i, name in names
]}}}

finding(i, capability, allowed) := {
	"field": $"HostConfig.CapAdd[{i}]",
	"msg": $"the capability {capability} would be added",
	"fix": $"leave --cap-add {capability} out; allowed beside the engine's default set: {allowed}",
}

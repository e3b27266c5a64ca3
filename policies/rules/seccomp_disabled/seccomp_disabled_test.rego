package rules.seccomp_disabled_test

import rego.v2

import data.rules.seccomp_disabled

test_deny_unconfined if {
	seccomp_disabled.deny == {finding("the container would run without a seccomp profile (HostConfig.SecurityOpt[0] is unconfined)")} with input as under("unconfined", [])
}

test_deny_a_mode_that_no_engine_has if {
	count(seccomp_disabled.deny) == 1 with input as under("off", [])
}

test_deny_a_profile_that_cannot_be_read if {
	seccomp_disabled.deny == {finding("the seccomp profile cannot be read")} with input as under("invalid", [])
}

test_deny_a_weaker_profile if {
	seccomp_disabled.deny == {finding("the seccomp profile allows what the engine's own refuses: bpf, mount")} with input as under("profile", ["bpf", "mount"])
}

test_say_that_a_profile_is_an_older_default if {
	calls := ["io_uring_enter", "io_uring_register", "io_uring_setup", "socket"]
	seccomp_disabled.deny == {finding($"the seccomp profile is like that of an older engine, and allows what the engine's own refuses: {concat(", ", calls)}")} with input as under("profile", calls)
	seccomp_disabled.deny == {finding("the seccomp profile allows what the engine's own refuses: mount, socket")} with input as under("profile", ["mount", "socket"])
}

test_name_no_more_than_five_calls if {
	seccomp_disabled.deny == {finding("the seccomp profile allows what the engine's own refuses: a, b, c, d, e")} with input as under("profile", ["a", "b", "c", "d", "e", "f"])
}

test_allow_a_profile_that_is_as_strict if {
	every mode in ["", "builtin", "profile"] {
		seccomp_disabled.deny == set() with input as under(mode, [])
	}
}

test_allow_a_request_without_a_container if {
	seccomp_disabled.deny == set() with input as {"operation": "ContainerStart", "container": null}
}

under(mode, weaker) := {"operation": "ContainerCreate", "container": {"security": {"seccomp": {
	"field": "HostConfig.SecurityOpt[0]",
	"mode": mode,
	"weaker": weaker,
}}}}

finding(msg) := {"field": "HostConfig.SecurityOpt[0]", "msg": msg}

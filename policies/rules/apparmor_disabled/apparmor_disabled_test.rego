package rules.apparmor_disabled_test

import rego.v2

import data.rules.apparmor_disabled

test_deny_other_profiles if {
	every profile in ["unconfined", "docker-custom", "Docker-default", "docker-default ", "runtime/default"] {
		apparmor_disabled.deny == {finding(profile, "none")} with input as request(profile)
	}
}

test_deny_what_the_settings_do_not_allow if {
	every profile in ["unconfined", "nginx2"] {
		apparmor_disabled.deny == {finding(profile, "nginx, db")} with input as request(profile) with apparmor_disabled.params as settings
	}
}

test_allow_the_engines_profile if {
	every profile in ["", "docker-default"] {
		apparmor_disabled.deny == set() with input as request(profile)
	}
}

test_allow_what_the_settings_allow if {
	apparmor_disabled.deny == set() with input as request("nginx") with apparmor_disabled.params as settings
}

test_deny_when_params_are_missing if {
	apparmor_disabled.deny == {finding("nginx", "none")} with input as request("nginx") with apparmor_disabled.params as {}
}

test_allow_a_request_without_a_container if {
	apparmor_disabled.deny == set() with input as {"operation": "ContainerStart", "container": null}
}

settings := {"allowed": ["nginx", "db"]}

request(profile) := {"operation": "ContainerCreate", "container": {"security": {"apparmor": {"value": profile, "field": "HostConfig.SecurityOpt[0]"}}}}

finding(profile, allowed) := {
	"field": "HostConfig.SecurityOpt[0]",
	"msg": $"the container would have another AppArmor profile than docker-default (HostConfig.SecurityOpt[0] is {profile})",
	"fix": $"leave --security-opt apparmor out; allowed beside docker-default: {allowed}",
}

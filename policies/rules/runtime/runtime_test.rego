package rules.runtime_test

import rego.v2

import data.rules.runtime

test_deny_other_runtimes if {
	every name in ["nvidia", "io.containerd.evil.v1", "io.containerd.runc.v1", "Runc", "/usr/bin/runc"] {
		runtime.deny == {finding(name, "io.containerd.runc.v2, runc")} with input as request(name, "")
	}
}

test_deny_another_isolation if {
	every isolation in ["process", "hyperv", "Default"] {
		runtime.deny == {{
			"field": "HostConfig.Isolation",
			"msg": $"the container would have the isolation {isolation}",
			"fix": "leave --isolation out",
		}} with input as request("", isolation)
	}
}

test_allow_the_default if {
	every name in ["", "runc", "io.containerd.runc.v2"] {
		every isolation in ["", "default"] {
			runtime.deny == set() with input as request(name, isolation)
		}
	}
}

test_allow_what_the_settings_allow if {
	runtime.deny == set() with input as request("runsc", "") with runtime.params as {"allowed": ["runsc"]}
}

test_deny_runc_when_the_settings_allow_none if {
	runtime.deny == {finding("runc", "none")} with input as request("runc", "") with runtime.params as {"allowed": []}
}

test_deny_when_params_are_missing if {
	runtime.deny == {finding("runc", "none")} with input as request("runc", "") with runtime.params as {}
}

test_allow_a_request_without_a_container if {
	runtime.deny == set() with input as {"operation": "ContainerStart", "container": null}
}

request(name, isolation) := {"operation": "ContainerCreate", "container": {
	"runtime": {"value": name, "field": "HostConfig.Runtime"},
	"isolation": {"value": isolation, "field": "HostConfig.Isolation"},
}}

finding(name, allowed) := {
	"field": "HostConfig.Runtime",
	"msg": $"the container would be made by the runtime {name}",
	"fix": $"leave --runtime out; allowed: {allowed}",
}

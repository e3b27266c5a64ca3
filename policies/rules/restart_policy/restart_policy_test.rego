package rules.restart_policy_test

import rego.v2

import data.rules.restart_policy

test_deny_a_restart_after_every_stop if {
	every name in ["always", "unless-stopped", "Always"] {
		every retries in [0, 3] {
			restart_policy.deny == {{
				"field": "HostConfig.RestartPolicy",
				"msg": $"the container would be restarted too often (HostConfig.RestartPolicy is {name})",
				"fix": "use --restart on-failure:5",
			}} with input as restarting(name, retries)
		}
	}
}

test_deny_too_many_restarts_after_a_failure if {
	every retries in [0, -1, 6] {
		restart_policy.deny == {{
			"field": "HostConfig.RestartPolicy",
			"msg": $"the container would be restarted too often (HostConfig.RestartPolicy is on-failure:{retries})",
			"fix": "use --restart on-failure:5",
		}} with input as restarting("on-failure", retries)
	}
}

test_deny_when_params_are_missing if {
	restart_policy.deny == {{
		"field": "HostConfig.RestartPolicy",
		"msg": "the container would be restarted too often (HostConfig.RestartPolicy is on-failure:1)",
		"fix": "use --restart on-failure:<undefined>",
	}} with input as restarting("on-failure", 1) with restart_policy.params as {}
}

test_allow_a_few_restarts_after_a_failure if {
	allowed(restarting("on-failure", 1))
	allowed(restarting("on-failure", 5))
	allowed(restarting("on-failure", 6)) with restart_policy.params as {"max_retries": 6}
}

test_allow_no_restart if {
	allowed(restarting("", 0))
	allowed(restarting("no", 0))
}

test_allow_a_request_without_a_container if {
	allowed({"operation": "ContainerStart", "container": null})
}

allowed(request) if restart_policy.deny == set() with input as request

restarting(name, retries) := {
	"operation": "ContainerCreate",
	"container": {"restart": {"name": name, "max_retries": retries, "field": "HostConfig.RestartPolicy"}},
}

package rules.oom_protection_test

import rego.v2

import data.rules.oom_protection

test_deny_a_negative_score if {
	every operation, field in {
		"ContainerCreate": "HostConfig.OomScoreAdj",
		"ServiceCreate": "TaskTemplate.ContainerSpec.OomScoreAdj",
		"ServiceUpdate": "TaskTemplate.ContainerSpec.OomScoreAdj",
	} {
		every score in [-1, -1000] {
			oom_protection.deny == {{
				"field": field,
				"msg": $"other processes of the host would be ended before the container ({field} is {score})",
			}} with input as request(operation, score, false)
		}
	}
}

test_deny_switching_it_off if {
	every operation in ["ContainerCreate", "ContainerUpdate"] {
		oom_protection.deny == {{
			"field": "OomKillDisable",
			"msg": "the container would not be ended when memory runs out (OomKillDisable is true)",
		}} with input as request(operation, 0, true)
	}
}

test_allow_other_scores if {
	every score in [0, 1, 1000] {
		oom_protection.deny == set() with input as request("ContainerCreate", score, false)
	}
}

test_allow_a_request_without_a_container if {
	oom_protection.deny == set() with input as {"operation": "ContainerStart", "container": null}
}

request(operation, score, disabled) := {"operation": operation, "container": {"resources": {
	"oom_score_adj": score,
	"oom_kill_disable": {"value": disabled, "field": "OomKillDisable"},
}}}

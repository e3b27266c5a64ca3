package rules.ulimits_test

import rego.v2

import data.rules.ulimits

test_deny_unlimited if {
	every limits in [[-1, -1], [1024, -1], [-1, 1024]] {
		ulimits.deny == {{
			"field": "HostConfig.Ulimits[0]",
			"msg": "the limit memlock would be raised too far (HostConfig.Ulimits[0] is -1)",
		}} with input as limiting("memlock", limits[0], limits[1])
	}
}

test_deny_more_than_the_maximum if {
	ulimits.deny == {{
		"field": "HostConfig.Ulimits[0]",
		"msg": "the limit nofile would be raised too far (HostConfig.Ulimits[0] is 1048577)",
	}} with input as limiting("nofile", 1024, 1048577)
}

test_deny_when_params_are_missing if {
	count(ulimits.deny) == 1 with input as limiting("nofile", 1024, 1024) with ulimits.params as {}
}

test_allow_up_to_the_maximum if {
	allowed(limiting("nofile", 0, 1048576))
	allowed(limiting("nproc", 512, 512)) with ulimits.params as {"maximum": {"nproc": 512}}
}

test_allow_a_limit_without_a_maximum if {
	allowed(limiting("memlock", 67108864, 67108864))
}

test_allow_no_limits if {
	allowed({"operation": "ContainerCreate", "container": {"resources": {"ulimits": []}}})
	allowed({"operation": "ContainerStart", "container": null})
}

allowed(request) if ulimits.deny == set() with input as request

limiting(name, soft, hard) := {
	"operation": "ContainerCreate",
	"container": {"resources": {"ulimits": [{
		"name": name, "soft": soft, "hard": hard,
		"field": "HostConfig.Ulimits[0]",
	}]}},
}

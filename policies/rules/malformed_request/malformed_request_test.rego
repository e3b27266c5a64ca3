package rules.malformed_request_test

import rego.v2

import data.rules.malformed_request

test_deny_each_anomaly if {
	malformed_request.deny == {
		{"field": "HostConfig.Binds", "msg": "the key is there twice"},
		{"field": "", "msg": "the path is not clean"},
	} with input as {"anomalies": [
		{"code": "duplicate_key", "field": "HostConfig.Binds", "detail": "the key is there twice"},
		{"code": "unclean_path", "field": "", "detail": "the path is not clean"},
	]}
}

test_allow_without_anomalies if {
	malformed_request.deny == set() with input as {"anomalies": []}
}

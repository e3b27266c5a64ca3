package rules.security_options_test

import rego.v2

import data.rules.security_options

test_deny_unknown_options if {
	every option, name in {"no-new-privileges=maybe": "no-new-privileges", "seccmp:unconfined": "seccmp", "systempaths=unconfined": "systempaths", "": ""} {
		security_options.deny == {{
			"field": "HostConfig.SecurityOpt[0]",
			"msg": $"no engine is known to have this security option (HostConfig.SecurityOpt[0] is {name})",
		}} with input as request([{"value": option, "field": "HostConfig.SecurityOpt[0]"}], {"value": "", "field": ""})
	}
}

test_deny_a_credential_spec if {
	every value in ["web.json", ""] {
		security_options.deny == {{
			"field": "TaskTemplate.ContainerSpec.Privileges.CredentialSpec",
			"msg": "the engine would read a credential spec from the host",
			"fix": "leave --credential-spec out",
		}} with input as request([], {"value": value, "field": "TaskTemplate.ContainerSpec.Privileges.CredentialSpec"})
	}
}

test_allow_no_options if {
	security_options.deny == set() with input as request([], {"value": "", "field": ""})
}

test_allow_a_request_without_a_container if {
	security_options.deny == set() with input as {"operation": "ContainerStart", "container": null}
}

request(unknown, credential) := {"operation": "ContainerCreate", "container": {"security": {
	"unknown": unknown,
	"credential_spec": credential,
}}}

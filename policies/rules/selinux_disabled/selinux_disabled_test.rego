package rules.selinux_disabled_test

import rego.v2

import data.rules.selinux_disabled

test_deny_other_labels if {
	every label in [
		"disable", "", "type:spc_t", "type:container_t ", "type:Container_t", "type:", "user:system_u", "role:system_r",
		"level:s0:c1,c2", "filetype:usr_t", "nested",
	] {
		selinux_disabled.deny == {finding(label, "type:container_init_t, type:container_kvm_t, type:container_t")} with input as request([label])
	}
}

test_deny_each_label if {
	{finding.field | some finding in selinux_disabled.deny} == {"HostConfig.SecurityOpt[1]", "HostConfig.SecurityOpt[2]"} with input as request(["type:container_t", "disable", "level:s0"])
}

test_allow_types_that_confine if {
	every type in ["container_t", "container_init_t", "container_kvm_t"] {
		selinux_disabled.deny == set() with input as request([$"type:{type}"])
	}
}

test_allow_what_the_settings_allow if {
	selinux_disabled.deny == set() with input as request(["level:s0:c1"]) with selinux_disabled.params as {"allowed": ["level:s0:c1"]}
}

test_deny_when_the_settings_allow_none if {
	selinux_disabled.deny == {finding("type:container_t", "none")} with input as request(["type:container_t"])
		with selinux_disabled.params as {"allowed": []}
}

test_deny_when_params_are_missing if {
	selinux_disabled.deny == {finding("type:container_t", "none")} with input as request(["type:container_t"])
		with selinux_disabled.params as {}
}

test_allow_no_labels if {
	selinux_disabled.deny == set() with input as request([])
}

test_allow_a_request_without_a_container if {
	selinux_disabled.deny == set() with input as {"operation": "ContainerStart", "container": null}
}

request(labels) := {"operation": "ContainerCreate", "container": {"security": {"labels": [
{"value": label, "field": $"HostConfig.SecurityOpt[{i}]"} |
	some i, label in labels
]}}}

finding(label, allowed) := {
	"field": "HostConfig.SecurityOpt[0]",
	"msg": $"the container's SELinux label would be changed (HostConfig.SecurityOpt[0] is {label})",
	"fix": $"leave --security-opt label out; allowed: {allowed}",
}

package rules.annotations_test

import rego.v2

import data.rules.annotations

test_deny_any_annotation_by_default if {
	annotations.deny == {
		finding("run.oci.handler", "none"),
		finding("org.example.team", "none"),
	} with input as annotating(["run.oci.handler", "org.example.team"])
}

test_deny_what_the_settings_do_not_allow if {
	every name in ["org.example.team2", "org.example", "Org.example.team"] {
		annotations.deny == {finding(name, "org.example.team, a")} with input as annotating([name]) with annotations.params as settings
	}
}

test_allow_what_the_settings_allow if {
	annotations.deny == set() with input as annotating(["org.example.team", "a"]) with annotations.params as settings
}

test_deny_never_quoting_a_value if {
	every finding in annotations.deny { not contains($"{finding}", "secret") } with input as annotating(["a"])
}

test_deny_when_params_are_missing if {
	annotations.deny == {finding("a", "none")} with input as annotating(["a"]) with annotations.params as {}
}

test_allow_no_annotations if {
	annotations.deny == set() with input as annotating([])
}

test_allow_a_request_without_a_container if {
	annotations.deny == set() with input as {"operation": "ContainerStart", "container": null}
}

settings := {"allowed": ["org.example.team", "a"]}

annotating(names) := {"operation": "ContainerCreate", "container": {"annotations": [
{"name": name, "value": "secret", "field": $"HostConfig.Annotations[\"{name}\"]"} |
	some name in names
]}}

finding(name, allowed) := {
	"field": $"HostConfig.Annotations[\"{name}\"]",
	"msg": $"the annotation {name} would be passed to the runtime",
	"fix": $"leave --annotation out, or use --label for what no runtime has to know; allowed: {allowed}",
}

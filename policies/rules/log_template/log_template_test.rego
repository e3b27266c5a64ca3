package rules.log_template_test

import rego.v2

import data.rules.log_template

test_deny_what_computes if {
	every tag in [`{{pad "x" 9999999 0}}`, `{{.Name}}{{printf "%99999d" 1}}`, `{{ range . }}`, `{{.Name | upper}}`, `{{`, `{{.A.B}}`] {
		log_template.deny == {{"field": "LogConfig", "msg": "the engine would compute the tag of the log"}} with input as logging("tag", tag)
	}
}

test_allow_plain_fields if {
	every tag in ["", "web", "{{.ID}}", "{{.ImageName}}/{{.Name}}/{{ .ID }}", "a{b}"] {
		log_template.deny == set() with input as logging("tag", tag)
	}
	log_template.deny == set() with input as logging("labels", "{{x}}")
}

logging(name, value) := {"operation": "ContainerCreate", "container": {"log": {"options": [{"name": name, "value": value, "field": "LogConfig"}]}}}

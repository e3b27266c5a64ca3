package rules.service_templates_test

import rego.v2

import data.rules.service_templates

test_deny_a_template if {
	every mount in [{"source": "{{.Service.Name}}", "target": "/x"}, {"source": "/srv", "target": "{{.Service.Name}}"}] {
		text := [t | some t in mount; contains(t, "{{")][0]
		service_templates.deny == {{"field": "Mounts[0]", "msg": $"what {text} would mount cannot be told"}} with input as mounting(mount)
	}
}

test_allow_plain_text if {
	service_templates.deny == set() with input as mounting({"source": "data{", "target": "/x"})
	service_templates.deny == set() with input as {"operation": "ServiceCreate", "container": null}
}

mounting(mount) := {"operation": "ServiceCreate", "container": {"mounts": [object.union({"field": "Mounts[0]"}, mount)]}}

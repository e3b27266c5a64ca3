package rules.image_changes_test

import rego.v2

import data.rules.image_changes

test_deny_changes if {
	every use in ["commit", "import"] {
		image_changes.deny == {{
			"field": "changes",
			"msg": "the new image would be given settings of its own",
		}} with input as changing(use, ["", "ENV TOKEN=hunter2"])
	}
}

test_allow_empty_changes if {
	allowed(changing("commit", [""]))
	allowed(changing("commit", []))
	allowed(changing("pull", ["USER root"]))
}

test_deny_a_commit_that_sets_anything if {
	every name, value in {"User": "0", "Entrypoint": ["/evil"], "Env": ["TOKEN"], "Labels": {"a": "b"}, "Tty": true, "StopTimeout": 1} {
		image_changes.deny == {{
			"field": name,
			"msg": $"the new image would be given settings of its own ({name} is set)",
		}} with input as committing({name: value})
	}
}

test_allow_a_commit_that_sets_nothing if {
	every body in [null, {}, {"User": "", "Cmd": null, "Env": [], "Labels": {}, "Tty": false, "StopTimeout": 0}] {
		allowed(committing(body))
	}
}

test_a_body_of_another_operation_does_not_count if {
	allowed({"operation": "ImageCreate", "images": [], "body": {"User": "0"}})
}

allowed(request) if image_changes.deny == set() with input as request

changing(use, list) := {"operation": "ImageCommit", "images": [{"use": use}], "query": {"changes": list}}

committing(body) := {"operation": "ImageCommit", "images": [{"use": "commit"}], "query": {}, "body": body}

package rules.attach_stdin_test

import rego.v2

import data.rules.attach_stdin

# What the engine reads as true: anything but these few words for no.
test_deny_input if {
	every value in ["1", "true", "True", "yes", "x"] {
		attach_stdin.deny == {{
			"field": "stdin",
			"msg": "the client could type into the container web",
		}} with input as attaching("ContainerAttach", 41, {"stdin": [value]})
	}
}

test_allow_output_alone if {
	every value in ["", "0", "false", "FALSE", "no", "None", " "] {
		allowed(attaching("ContainerAttach", 41, {"stdin": [value]}))
	}
	allowed(attaching("ContainerAttach", null, {"stdout": ["1"]}))
}

test_deny_a_websocket_that_always_has_input if {
	every minor in [null, 24, 41] {
		count(attach_stdin.deny) == 1 with input as attaching("ContainerAttachWebsocket", minor, {})
	}
}

test_a_websocket_of_today if {
	allowed(attaching("ContainerAttachWebsocket", 42, {"stdout": ["1"]}))
	not allowed(attaching("ContainerAttachWebsocket", 42, {"stdin": ["1"]}))
}

allowed(request) if attach_stdin.deny == set() with input as request

attaching(operation, minor, query) := {
	"operation": operation,
	"object": "web",
	"api_minor": minor,
	"query": query,
}

package rules.ps_arguments_test

import rego.v2

import data.rules.ps_arguments

test_deny_what_renames_columns_or_names_processes if {
	ps_arguments.deny == {{"field": "ps_args", "msg": "ps would be run with -ouid=PID,args"}} with input as asking("-ouid=PID,args")
	every arguments in ["-p 1", "--pid=1", "-o pid=x", "a;b"] {
		count(ps_arguments.deny) == 1 with input as asking(arguments)
	}
}

test_allow_plain_options if {
	every arguments in ["", "aux", "-ef", "-o pid,cmd", "-eo user,pid,args"] {
		ps_arguments.deny == set() with input as asking(arguments)
	}
	ps_arguments.deny == set() with input as {"operation": "ContainerTop", "query": {}}
}

asking(arguments) := {"operation": "ContainerTop", "query": {"ps_args": [arguments]}}

package rules.working_dir_test

import rego.v2

import data.rules.working_dir

test_deny_a_folder_below_proc if {
	every dir in ["/proc/self/fd/7", "/proc/1/root", "/proc", "/proc/thread-self/cwd", "/dev/fd", "/dev/fd/7", "proc/self/fd/7", "//proc/self/fd/7"] {
		every request in [creating(dir), executing(dir)] {
			working_dir.deny == {{
				"field": "WorkingDir",
				"msg": $"the program would start in {dir}, which may be a folder of the host",
			}} with input as request
		}
	}
}

test_allow_other_folders if {
	every dir in ["", "/", "/app", "/process", "/srv/proc/self", "/dev", "/dev/fdx", "."] {
		every request in [creating(dir), executing(dir)] {
			working_dir.deny == set() with input as request
		}
	}
}

test_allow_a_request_without_a_container if {
	working_dir.deny == set() with input as {"operation": "ContainerStart", "container": null, "exec": null}
}

creating(dir) := {"operation": "ContainerCreate", "container": {"working_dir": {"value": dir, "field": "WorkingDir"}}, "exec": null}

executing(dir) := {"operation": "ContainerExec", "container": null, "exec": {"working_dir": {"value": dir, "field": "WorkingDir"}}}

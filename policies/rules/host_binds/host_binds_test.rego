package rules.host_binds_test

import rego.v2

import data.rules.host_binds

test_deny_any_host_path_by_default if {
	host_binds.deny == {{
		"field": "HostConfig.Binds[0]",
		"msg": "/etc of the host would be mounted at /x",
		"fix": "use a named volume, e.g. -v data:/x, or an allowed host path: none",
	}} with input as mounting({})
}

test_deny_what_is_not_below_an_allowed_path if {
	every source in ["/", "/srv", "/srv/database", "/srv/dat", "/var/srv/data", "/etc"] {
		denied(mounting({"source": source})) with host_binds.params as {"allowed": [{"path": "/srv/data", "read_only": false}]}
	}
}

test_allow_what_is_below_an_allowed_path if {
	every source in ["/srv/data", "/srv/data/a", "/srv/data/a/b"] {
		every path in ["/srv/data", "/srv/data/", "/"] {
			allowed(mounting({"source": source})) with host_binds.params as {"allowed": [{"path": "/opt", "read_only": false}, {"path": path, "read_only": false}]}
		}
	}
}

test_deny_writing_where_only_reading_is_allowed if {
	every mount in [{"read_only": false}, {"read_only": true, "submounts": "writable"}] {
		host_binds.deny == {{
			"field": "HostConfig.Binds[0]",
			"msg": "/srv of the host would be mounted at /x",
			"fix": "use a named volume, e.g. -v data:/x, or an allowed host path: /srv:ro, /opt",
		}} with input as mounting(object.union({"source": "/srv"}, mount))
			with host_binds.params as {"allowed": [{"path": "/srv", "read_only": true}, {"path": "/opt", "read_only": false}]}
	}
}

test_allow_reading_where_only_reading_is_allowed if {
	allowed(mounting({"source": "/srv/a", "read_only": true}))
		with host_binds.params as {"allowed": [{"path": "/srv", "read_only": true}]}
}

test_leave_the_engines_files_to_the_rule_that_says_more if {
	every source in ["/run/docker.sock", "/etc/docker/daemon.json"] {
		allowed(mounting({"source": source})) with data.settings.enforcement as {"docker_socket": "deny", "host_binds": "deny"}
		denied(mounting({"source": source})) with data.settings.enforcement as {"docker_socket": "dryrun", "host_binds": "deny"}
	}
	denied(mounting({"source": "/etc"})) with data.settings.enforcement as {"docker_socket": "deny", "host_binds": "deny"}
}

test_deny_when_params_are_missing if {
	denied(mounting({})) with host_binds.params as {}
}

test_allow_mounts_that_are_not_of_the_host if {
	every type in ["volume", "tmpfs", "image", "cluster"] {
		allowed(mounting({"type": type, "source": "data"}))
	}
}

test_allow_a_request_without_a_container if {
	allowed({"operation": "ContainerStart", "container": null})
}

denied(request) if count(host_binds.deny) == 1 with input as request

allowed(request) if host_binds.deny == set() with input as request

# mounting is a request with one bind of /etc, changed by what is given.
mounting(changes) := {
	"operation": "ContainerCreate",
	"container": {"mounts": [object.union(
		{
			"field": "HostConfig.Binds[0]",
			"type": "bind",
			"source": "/etc",
			"target": "/x",
			"read_only": false,
			"submounts": "",
		},
		changes,
	)]},
}

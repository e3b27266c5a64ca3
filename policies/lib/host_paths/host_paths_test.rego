package lib.host_paths_test

import rego.v2

import data.lib.host_paths

test_below if {
	every path in ["/srv/data", "/srv/data/a"] {
		every parent in ["/srv/data", "/srv/data/", "/srv", "/"] {
			is_below(path, parent)
		}
	}
	every path in ["/", "/srv", "/srv/database", "/srv/dat", "/x/srv/data"] {
		not is_below(path, "/srv/data")
	}
}

test_below_any if {
	host_paths.below_any("/srv/data/a", [{"path": "/opt"}, {"path": "/srv/data"}])
	not host_paths.below_any("/srv/data/a", [{"path": "/opt"}])
	not host_paths.below_any("/srv/data/a", [])
}

test_mountable if {
	every mount in [{"read_only": true, "submounts": ""}, {"read_only": true, "submounts": "readonly"}, {"read_only": true, "submounts": "non_recursive"}] {
		host_paths.mountable("/srv/ro/x", mount, entries)
	}
	every mount in [{"read_only": false, "submounts": ""}, {"read_only": true, "submounts": "writable"}, {}] {
		not host_paths.mountable("/srv/ro/x", mount, entries)
		host_paths.mountable("/srv/rw/x", mount, entries)
		not host_paths.mountable("/srv/rwx", mount, entries)
	}
}

entries := [{"path": "/srv/rw"}, {"path": "/srv/ro", "read_only": true}]

is_below(path, parent) if {
	host_paths.below(input.container.mounts[0].source, parent) with input as {"container": {"mounts": [{"source": path}]}}
}

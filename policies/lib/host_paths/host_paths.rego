# METADATA
# title: Paths of the host
# description: Whether a path is an allowed one or lies below it. Whole components count; /srv/data does not hold /srv/database.
package lib.host_paths

import rego.v2

below(path, parent) if startswith($"{path}/", $"{trim_right(parent, "/")}/")

below_any(path, entries) if {
	some entry in entries
	below(path, entry.path)
}

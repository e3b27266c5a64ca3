# METADATA
# title: Paths of the host
# description: Whether a path is an allowed one or lies below it. Whole components count; /srv/data does not hold /srv/database.
package lib.host_paths

import rego.v2

below(path, parent) if startswith($"{path}/", $"{trim_right(parent, "/")}/")

# mountable says that entries allow a mount of a path, and as it would be made.
mountable(path, mount, entries) if {
	some entry in entries
	below(path, entry.path)
	fits(mount, entry)
}

fits(_, entry) if not entry.read_only

fits(mount, _) if {
	mount.read_only
	mount.submounts != "writable"
}

below_any(path, entries) if {
	some entry in entries
	below(path, entry.path)
}

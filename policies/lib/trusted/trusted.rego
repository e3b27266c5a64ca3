# METADATA
# title: Trusted names
# description: >-
#   Whether a name is under one of those that the rule untrusted_registry trusts. Whole path components count:
#   docker.io/library holds docker.io/library/busybox and not docker.io/library2/busybox. Without params nothing is trusted.
package lib.trusted

import rego.v2

import data.rules.untrusted_registry.params

# image says that an image of the input has a trusted name, and cannot be taken for an id.
image(img) if {
	img.valid
	not img.id
	name(img.name)
}

# An id is trusted when a look-up tells that the image has a trusted name.
image(img) if {
	img.id
	some origin in input.facts.images[img.value].origins
	name(origin)
}

# name says that images of this name are trusted; the name is whole, as in docker.io/library/busybox.
name(full) if under(full, params.trusted)

# registry says that something of a registry is trusted, so that the engine may talk to it.
registry(host) if {
	some pattern in params.trusted
	startswith($"{pattern}/", $"{host}/")
}

# under says that a name is one of a list of names, or below one. However long the list is, it is not walked.
under(full, names) if {
	parts := split(full, "/")
	some i, _ in parts
	concat("/", array.slice(parts, 0, i + 1)) in names
}

package input

import "strings"

// namespace reads a mode of HostConfig (moby api/types/container/hostconfig.go).
// Modes are case-sensitive; one that no engine knows is "other".
func namespace(value, field string) Namespace {
	ns := Namespace{Value: value, Mode: "other", Field: field}
	mode, name, joined := strings.Cut(value, ":")
	switch {
	case joined && mode == "container":
		ns.Mode, ns.Container = mode, name
	case value == "", value == "host", value == "private", value == "shareable", value == "none":
		ns.Mode = value
	}
	return ns
}

// networkNamespace reads a network mode, where any other word is the name of a
// network.
func networkNamespace(value, field string) Namespace {
	ns := namespace(value, field)
	switch {
	case value == "default" || value == "bridge":
		ns.Mode = value
	case ns.Mode == "other" || ns.Mode == "private" || ns.Mode == "shareable":
		ns.Mode = "network"
	}
	return ns
}

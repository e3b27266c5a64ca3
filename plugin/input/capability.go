package input

import (
	"slices"
	"strings"
)

// defaultCapabilities are those a container has when nothing is stated (moby
// daemon/pkg/oci/caps/defaults.go).
var defaultCapabilities = []string{
	"AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD",
	"NET_BIND_SERVICE", "NET_RAW", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT",
}

const allCapabilities = "ALL"

// capabilityNames brings names into one spelling, as the daemon does: upper
// case, the CAP_ prefix optional (moby daemon/pkg/oci/caps/utils.go).
func capabilityNames(names []string, field string) []Text {
	list := texts(names, field)
	for i := range list {
		list[i].Value = strings.TrimPrefix(strings.ToUpper(list[i].Value), "CAP_")
	}
	return list
}

// effective lists what a container would hold, sorted: "ALL" alone when it
// would hold every capability.
func effective(c Capabilities, privileged bool) []string {
	added, dropped := values(c.Add), values(c.Drop)
	if privileged || slices.Contains(added, allCapabilities) {
		return []string{allCapabilities}
	}
	held := slices.Clone(defaultCapabilities)
	if slices.Contains(dropped, allCapabilities) {
		held = nil
	}
	held = append(slices.DeleteFunc(held, func(name string) bool { return slices.Contains(dropped, name) }), added...)
	slices.Sort(held)
	return slices.Clip(append([]string{}, slices.Compact(held)...))
}

func values(list []Text) []string {
	out := make([]string, 0, len(list))
	for _, t := range list {
		out = append(out, t.Value)
	}
	return out
}

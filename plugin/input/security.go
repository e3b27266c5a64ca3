package input

import (
	"slices"
	"strconv"
	"strings"
)

// The defaults every engine from 20.10 on has (moby v20.10.24 oci/defaults.go);
// later engines mask a few more.
var (
	defaultMaskedPaths = []string{
		"/proc/acpi", "/proc/asound", "/proc/kcore", "/proc/keys", "/proc/latency_stats",
		"/proc/sched_debug", "/proc/scsi", "/proc/timer_list", "/proc/timer_stats", "/sys/firmware",
	}
	defaultReadonlyPaths = []string{"/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"}
)

func newSecurity() Security {
	return Security{
		Seccomp:         Seccomp{Weaker: []string{}},
		Labels:          []Text{},
		NoNewPrivileges: NoNewPrivileges{Off: []Text{}},
		MaskedPaths:     PathList{Values: []string{}, Missing: []string{}},
		ReadonlyPaths:   PathList{Values: []string{}, Missing: []string{}},
		Unknown:         []Text{},
	}
}

// parseSecurityOpt reads SecurityOpt as the daemon does, entry by entry, the
// last one winning (moby daemon/daemon_unix.go, parseSecurityOpt).
func parseSecurityOpt(opts []string, field string) Security {
	s := newSecurity()
	for i, opt := range opts {
		s.read(Text{Value: opt, Field: element(field, i)})
	}
	return s
}

func (s *Security) read(opt Text) {
	switch opt.Value {
	case "no-new-privileges":
		s.setNoNewPrivileges(true, opt)
		return
	case "writable-cgroups":
		s.WritableCgroups = Flag{Value: true, Field: opt.Field}
		return
	case "disable":
		s.Labels = append(s.Labels, opt)
		return
	}
	key, value := splitSecurityOpt(opt.Value)
	on, err := strconv.ParseBool(value)
	switch {
	case key == "label":
		s.Labels = append(s.Labels, Text{Value: value, Field: opt.Field})
	case key == "apparmor":
		s.AppArmor = Text{Value: value, Field: opt.Field}
	case key == "seccomp":
		s.setSeccomp(Text{Value: value, Field: opt.Field})
	case key == "no-new-privileges" && err == nil:
		s.setNoNewPrivileges(on, opt)
	case key == "writable-cgroups" && err == nil:
		s.WritableCgroups = Flag{Value: on || s.WritableCgroups.Value, Field: opt.Field}
	default:
		s.Unknown = append(s.Unknown, opt)
	}
}

// splitSecurityOpt splits at the first "=", and only without one at ":".
func splitSecurityOpt(opt string) (key, value string) {
	if key, value, found := strings.Cut(opt, "="); found {
		return key, value
	}
	key, value, _ = strings.Cut(opt, ":")
	return key, value
}

func (s *Security) setNoNewPrivileges(on bool, opt Text) {
	s.NoNewPrivileges.Value, s.NoNewPrivileges.Field = strconv.FormatBool(on), opt.Field
	if !on {
		s.NoNewPrivileges.Off = append(s.NoNewPrivileges.Off, opt)
	}
}

// setSeccomp keeps the worst of several entries in mind: one that switches
// seccomp off counts although a later one may win.
func (s *Security) setSeccomp(profile Text) {
	if s.Seccomp.Mode == "unconfined" {
		return
	}
	s.Seccomp.Field, s.Seccomp.profile = profile.Field, ""
	switch profile.Value {
	case "unconfined", "builtin", "":
		s.Seccomp.Mode = profile.Value
	default:
		s.Seccomp.Mode, s.Seccomp.profile = "profile", profile.Value
	}
}

// pathList compares a list that replaces the engine's defaults with them.
func pathList(values, defaults []string, field string) PathList {
	list := PathList{Set: values != nil, Values: []string{}, Missing: []string{}, Field: field}
	if !list.Set {
		return list
	}
	list.Values = values
	for _, d := range defaults {
		if !slices.Contains(values, d) {
			list.Missing = append(list.Missing, d)
		}
	}
	return list
}

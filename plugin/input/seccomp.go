package input

import (
	"reflect"
	"slices"

	"github.com/moby/profiles/seccomp"
	"github.com/opencontainers/runtime-spec/specs-go"
)

// refusing are the actions that do not let a system call happen.
var refusing = []specs.LinuxSeccompAction{
	specs.ActErrno, specs.ActKill, specs.ActKillProcess, specs.ActKillThread, specs.ActTrap,
}

// maxProfile is many times the engine's own profile, in bytes.
const maxProfile = 256 << 10

// seccompOf judges a profile sent with the request against the engine's own,
// for a container that holds the given capabilities.
func seccompOf(s Seccomp, capabilities []string) Seccomp {
	s.Weaker = []string{}
	if s.Mode != "profile" {
		return s
	}
	if len(s.profile) > maxProfile {
		s.Mode = "invalid"
		return s
	}
	spec := specForCapabilities(capabilities)
	own, err := seccomp.GetDefaultProfile(spec)
	if err != nil {
		s.Mode = "invalid"
		return s
	}
	sent, err := seccomp.LoadProfile(s.profile, spec)
	switch {
	case err != nil:
		s.Mode = "invalid"
		return s
	case sent == nil: // a profile that says nothing switches seccomp off
		s.Mode = "unconfined"
		return s
	}
	s.Weaker = append(s.Weaker, weaker(sent, own)...)
	return s
}

func specForCapabilities(capabilities []string) *specs.Spec {
	bounding := make([]string, 0, len(capabilities))
	for _, name := range capabilities {
		bounding = append(bounding, "CAP_"+name)
	}
	return &specs.Spec{
		Linux:   &specs.Linux{Resources: &specs.LinuxResources{}},
		Process: &specs.Process{Capabilities: &specs.LinuxCapabilities{Bounding: bounding}},
	}
}

// weaker lists what one profile lets happen and the other refuses.
func weaker(sent, own *specs.LinuxSeccomp) []string {
	var list []string
	if !slices.Contains(refusing, sent.DefaultAction) {
		list = append(list, "defaultAction "+string(sent.DefaultAction))
	}
	if sent.ListenerPath != "" {
		list = append(list, "listenerPath "+sent.ListenerPath)
	}
	allowed := allowedCalls(own)
	for _, rule := range sent.Syscalls {
		if slices.Contains(refusing, rule.Action) {
			continue
		}
		for _, name := range rule.Names {
			if !allowed.covers(name, rule.Args) {
				list = append(list, name)
			}
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// calls maps a system call to the argument conditions it is allowed under;
// an empty condition is always met.
type calls map[string][][]specs.LinuxSeccompArg

func allowedCalls(profile *specs.LinuxSeccomp) calls {
	allowed := calls{}
	for _, rule := range profile.Syscalls {
		if slices.Contains(refusing, rule.Action) {
			continue
		}
		for _, name := range rule.Names {
			allowed[name] = append(allowed[name], rule.Args)
		}
	}
	return allowed
}

// covers reports whether a call under these conditions is allowed already.
func (c calls) covers(name string, args []specs.LinuxSeccompArg) bool {
	return slices.ContainsFunc(c[name], func(own []specs.LinuxSeccompArg) bool {
		return len(own) == 0 || reflect.DeepEqual(own, args)
	})
}

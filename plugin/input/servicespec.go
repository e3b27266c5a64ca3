package input

import "github.com/moby/moby/api/types/swarm"

// newService says what a service request holds beside its container.
func newService(doc *Document, req *serviceSpec, spec *swarm.ContainerSpec) *Service {
	s := &Service{
		Name:     req.Name,
		Rollback: doc.parameter("rollback"),
		Runtime:  taskRuntime(&req.TaskTemplate),
		Mode:     serviceMode(req.Mode),
		Secrets:  []Text{},
		Configs:  []Text{},
		Dropped:  dropped(doc.APIMinor, req, spec),
	}
	for i, ref := range spec.Secrets {
		if ref != nil {
			s.Secrets = append(s.Secrets, Text{Value: ref.SecretName, Field: element(taskField+"ContainerSpec.Secrets", i)})
		}
	}
	for i, ref := range spec.Configs {
		if ref != nil {
			s.Configs = append(s.Configs, Text{Value: ref.ConfigName, Field: element(taskField+"ContainerSpec.Configs", i)})
		}
	}
	return s
}

// taskRuntime is what the tasks are: containers, or plugins of the engine.
func taskRuntime(task *swarm.TaskSpec) Text {
	switch {
	case task.PluginSpec != nil:
		return Text{Value: string(swarm.RuntimePlugin), Field: taskField + "PluginSpec"}
	case task.NetworkAttachmentSpec != nil:
		return Text{Value: string(swarm.RuntimeNetworkAttachment), Field: taskField + "NetworkAttachmentSpec"}
	}
	return Text{Value: string(task.Runtime), Field: taskField + "Runtime"}
}

func serviceMode(mode swarm.ServiceMode) string {
	switch {
	case mode.Global != nil:
		return "global"
	case mode.ReplicatedJob != nil:
		return "replicated_job"
	case mode.GlobalJob != nil:
		return "global_job"
	}
	return "replicated"
}

// hardening is a field of a service that makes its containers safer, and the
// first API version that heeds it.
type hardening struct {
	since  int
	field  string
	stated func(task *swarm.TaskSpec, spec *swarm.ContainerSpec) bool
}

// hardenings mirrors adjustForAPIVersion (moby
// daemon/server/router/swarm/helpers.go), which drops them without a word.
var hardenings = []hardening{
	{41, "ContainerSpec.CapabilityDrop", func(_ *swarm.TaskSpec, s *swarm.ContainerSpec) bool { return len(s.CapabilityDrop) > 0 }},
	{41, "ContainerSpec.Ulimits", func(_ *swarm.TaskSpec, s *swarm.ContainerSpec) bool { return len(s.Ulimits) > 0 }},
	{41, "Resources.Limits.Pids", func(t *swarm.TaskSpec, _ *swarm.ContainerSpec) bool {
		return t.Resources != nil && t.Resources.Limits != nil && t.Resources.Limits.Pids > 0
	}},
	{44, "ContainerSpec.Privileges.NoNewPrivileges", func(_ *swarm.TaskSpec, s *swarm.ContainerSpec) bool {
		return s.Privileges != nil && s.Privileges.NoNewPrivileges
	}},
	{44, "ContainerSpec.Privileges.Seccomp", func(_ *swarm.TaskSpec, s *swarm.ContainerSpec) bool {
		return s.Privileges != nil && s.Privileges.Seccomp != nil
	}},
	{44, "ContainerSpec.Privileges.AppArmor", func(_ *swarm.TaskSpec, s *swarm.ContainerSpec) bool {
		return s.Privileges != nil && s.Privileges.AppArmor != nil
	}},
	{46, "ContainerSpec.Mounts.TmpfsOptions.Options", func(_ *swarm.TaskSpec, s *swarm.ContainerSpec) bool {
		for _, m := range s.Mounts {
			if m.TmpfsOptions != nil && len(m.TmpfsOptions.Options) > 0 {
				return true
			}
		}
		return false
	}},
}

// dropped lists the hardening that the request's API version ignores.
func dropped(minor *int, req *serviceSpec, spec *swarm.ContainerSpec) []Text {
	list := []Text{}
	if minor == nil {
		return list
	}
	for _, h := range hardenings {
		if *minor < h.since && h.stated(&req.TaskTemplate, spec) {
			list = append(list, Text{Value: h.field, Field: taskField + h.field})
		}
	}
	return list
}

package input

import (
	"cmp"
	"slices"
	"strings"

	"github.com/moby/moby/api/types/mount"
	"github.com/moby/moby/api/types/swarm"
)

const taskField = "TaskTemplate."

// describeService fills the container of a ServiceCreate or ServiceUpdate.
func describeService(doc *Document, body any) {
	req, ok := body.(*serviceSpec)
	if !ok {
		return
	}
	task := &req.TaskTemplate
	spec := task.ContainerSpec
	if spec == nil {
		spec = &swarm.ContainerSpec{}
	}
	c := newContainer()
	c.Name = Text{Value: req.Name, Field: "Name"}
	mounts := engineMounts(spec.Mounts)
	c.fromContainerSpec(spec)
	c.Mounts = serviceMounts(mounts, taskField+"ContainerSpec.Mounts")
	c.fromTask(task)
	c.Ports = servicePorts(req.EndpointSpec)
	doc.Endpoints = serviceEndpoints(req)
	c.Namespaces.Network = endpointNamespace(doc.Endpoints)
	c.Capabilities.Effective = effective(c.Capabilities, false)
	c.Security.Seccomp = seccompOf(c.Security.Seccomp, c.Capabilities.Effective)
	doc.Container = &c
	doc.Images = append([]Image{c.Image}, mountedImages(c.Mounts)...)
	doc.Volumes = mountedVolumes(mounts, taskField+"ContainerSpec.Mounts")
	doc.Service = newService(doc, req, spec)
	doc.Body = redactService(req)
}

func (c *Container) fromContainerSpec(spec *swarm.ContainerSpec) {
	const at = taskField + "ContainerSpec."
	c.Image = parseImage("run", spec.Image, at+"Image")
	c.User = parseUser(spec.User, at+"User")
	c.Groups = parseGroups(spec.Groups, at+"Groups")
	c.Capabilities.Add = capabilityNames(spec.CapabilityAdd, at+"CapabilityAdd")
	c.Capabilities.Drop = capabilityNames(spec.CapabilityDrop, at+"CapabilityDrop")
	c.Isolation = Text{Value: string(spec.Isolation), Field: at + "Isolation"}
	c.Sysctls = options(spec.Sysctls, at+"Sysctls")
	c.Resources.Ulimits = parseUlimits(spec.Ulimits, at+"Ulimits")
	c.Resources.OomScoreAdj = spec.OomScoreAdj
	c.ExtraHosts = texts(spec.Hosts, at+"Hosts")
	if spec.DNSConfig != nil {
		c.DNS = texts(addresses(spec.DNSConfig.Nameservers), at+"DNSConfig.Nameservers")
	}
	c.ReadOnlyRoot = Flag{Value: spec.ReadOnly, Field: at + "ReadOnly"}
	c.Healthcheck = healthcheckOf(spec.Healthcheck, at+"Healthcheck")
	c.WorkingDir = Text{Value: cleanDir(spec.Dir), Field: at + "Dir"}
	c.EnvNames = envNames(spec.Env)
	if spec.Labels != nil {
		c.Labels = spec.Labels
	}
	if spec.Privileges != nil {
		c.Security.fromPrivileges(spec.Privileges, at+"Privileges.")
	}
}

func (s *Security) fromPrivileges(p *swarm.Privileges, at string) {
	if p.NoNewPrivileges {
		s.setNoNewPrivileges(true, Text{Field: at + "NoNewPrivileges"})
	}
	if o := p.Seccomp; o != nil {
		s.setSeccomp(Text{Value: serviceSeccomp(o), Field: at + "Seccomp"})
	}
	if o := p.AppArmor; o != nil && o.Mode != "" && o.Mode != swarm.AppArmorModeDefault {
		s.AppArmor = Text{Value: "unconfined", Field: at + "AppArmor.Mode"}
	}
	if o := p.SELinuxContext; o != nil {
		s.Labels = selinuxLabels(o, at+"SELinuxContext")
	}
	if o := p.CredentialSpec; o != nil {
		s.Credentials = Text{Value: cmp.Or(o.Config, o.File, o.Registry), Field: at + "CredentialSpec"}
	}
}

// serviceSeccomp spells a service's seccomp option as SecurityOpt would.
func serviceSeccomp(o *swarm.SeccompOpts) string {
	switch o.Mode {
	case "", swarm.SeccompModeDefault:
		return "builtin"
	case swarm.SeccompModeCustom:
		return string(o.Profile)
	default:
		return "unconfined"
	}
}

func selinuxLabels(o *swarm.SELinuxContext, field string) []Text {
	labels := []Text{}
	add := func(set bool, value string) {
		if set {
			labels = append(labels, Text{Value: value, Field: field})
		}
	}
	add(o.Disable, "disable")
	add(o.User != "", "user:"+o.User)
	add(o.Role != "", "role:"+o.Role)
	add(o.Type != "", "type:"+o.Type)
	add(o.Level != "", "level:"+o.Level)
	return labels
}

func (c *Container) fromTask(task *swarm.TaskSpec) {
	c.Resources.Field = taskField + "Resources.Limits."
	if r := task.Resources; r != nil && r.Limits != nil {
		c.Resources.Memory, c.Resources.NanoCPUs = stated(r.Limits.MemoryBytes), stated(r.Limits.NanoCPUs)
		c.Resources.PidsLimit = stated(r.Limits.Pids)
	}
	if l := task.LogDriver; l != nil {
		c.Log = Log{Driver: Text{Value: l.Name, Field: taskField + "LogDriver.Name"},
			Options: options(l.Options, taskField+"LogDriver.Options")}
	}
}

// engineMounts are the mounts of a service as the engine reads them: the case
// of words is nothing to it, and a mount without a type is a bind (moby
// daemon/cluster/convert/container.go, containerToGRPC).
func engineMounts(specs []mount.Mount) []mount.Mount {
	mounts := slices.Clone(specs)
	for i := range mounts {
		m := &mounts[i]
		if m.Type = mount.Type(engineWord(string(m.Type))); m.Type == "" {
			m.Type = mount.TypeBind
		}
		if m.BindOptions != nil {
			o := *m.BindOptions
			o.Propagation = mount.Propagation(engineWord(string(o.Propagation)))
			m.BindOptions = &o
		}
	}
	return mounts
}

// engineWord is lower case by way of upper case, in which the engine compares:
// letters beyond ASCII may become others.
func engineWord(word string) string { return strings.ToLower(strings.ToUpper(word)) }

func serviceMounts(specs []mount.Mount, field string) []Mount {
	mounts := make([]Mount, 0, len(specs))
	for i, spec := range specs {
		mounts = append(mounts, parseMount(spec, element(field, i)))
	}
	return mounts
}

func servicePorts(spec *swarm.EndpointSpec) []Port {
	ports := []Port{}
	if spec == nil {
		return ports
	}
	for i, p := range spec.Ports {
		ports = append(ports, Port{HostFirst: int(p.PublishedPort), HostLast: int(p.PublishedPort),
			Container: int(p.TargetPort), Protocol: string(p.Protocol), Field: element("EndpointSpec.Ports", i)})
	}
	return ports
}

// serviceEndpoints lists the networks of a service, with those that only API
// versions below 1.44 read.
func serviceEndpoints(req *serviceSpec) []Endpoint {
	endpoints := []Endpoint{}
	for _, list := range []struct {
		field    string
		networks []swarm.NetworkAttachmentConfig
	}{{taskField + "Networks", req.TaskTemplate.Networks}, {"Networks", req.Networks}} {
		for i, n := range list.networks {
			at := element(list.field, i)
			endpoints = append(endpoints, Endpoint{Network: n.Target, Container: req.Name, Field: at,
				Options: options(n.DriverOpts, at+".DriverOpts"), Static: []Text{},
				Aliases: append([]string{}, n.Aliases...), Links: []string{}})
		}
	}
	return endpoints
}

// endpointNamespace is the network namespace that a service's networks come
// to: swarm takes a network named host as the host's own.
func endpointNamespace(endpoints []Endpoint) Namespace {
	ns := Namespace{Field: taskField + "Networks"}
	i := slices.IndexFunc(endpoints, func(e Endpoint) bool { return e.Network == "host" })
	switch {
	case i >= 0:
		ns = networkNamespace("host", endpoints[i].Field)
	case len(endpoints) > 0:
		ns = networkNamespace(endpoints[0].Network, endpoints[0].Field)
	}
	return ns
}

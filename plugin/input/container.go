package input

import (
	"fmt"
	"path"
	"strings"

	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/network"
)

// describeContainerCreate fills the container of a ContainerCreate.
func describeContainerCreate(doc *Document, body any) {
	req, ok := body.(*createRequest)
	if !ok {
		return
	}
	doc.setContainer(req.Config, req.HostConfig, req.NetworkingConfig)
	doc.Container.Name = doc.parameter("name")
	doc.Body = redactCreate(req)
}

// setContainer fills the container of a create request, or of a container that
// the engine holds.
func (d *Document) setContainer(config *container.Config, host *container.HostConfig, networks *network.NetworkingConfig) {
	if config == nil {
		config = &container.Config{}
	}
	if host == nil {
		host = &container.HostConfig{}
	}
	c := newContainer()
	c.fromConfig(config)
	c.fromHostConfig(host)
	c.Capabilities.Effective = effective(c.Capabilities, host.Privileged)
	c.Security.Seccomp = seccompOf(c.Security.Seccomp, c.Capabilities.Effective)
	d.Container = &c
	d.Images = append([]Image{c.Image}, mountedImages(c.Mounts)...)
	d.Volumes = hostConfigVolumes(host)
	d.Endpoints = createEndpoints(networks, host)
}

// describeContainerUpdate fills what a ContainerUpdate can change.
func describeContainerUpdate(doc *Document, body any) {
	req, ok := body.(*container.UpdateConfig)
	if !ok {
		return
	}
	c := newContainer()
	c.Name = Text{Value: doc.Object}
	c.fromResources(&req.Resources, "")
	c.Restart = restartOf(req.RestartPolicy, "RestartPolicy")
	doc.Container = &c
	doc.Body = req
}

func (c *Container) fromConfig(config *container.Config) {
	c.Image = parseImage("run", config.Image, "Image")
	c.User = parseUser(config.User, "User")
	c.WorkingDir = Text{Value: cleanDir(config.WorkingDir), Field: "WorkingDir"}
	c.EnvNames = envNames(config.Env)
	c.Healthcheck = healthcheckOf(config.Healthcheck, "Healthcheck")
	if config.Labels != nil {
		c.Labels = config.Labels
	}
	for _, target := range sortedKeys(config.Volumes) {
		c.Mounts = append(c.Mounts, Mount{Type: "volume", Target: path.Clean(target), Options: []string{},
			Field: fmt.Sprintf("Volumes[%q]", target)})
	}
}

func (c *Container) fromHostConfig(host *container.HostConfig) {
	const at = "HostConfig."
	c.Groups = parseGroups(host.GroupAdd, at+"GroupAdd")
	c.Privileged = Flag{Value: host.Privileged, Field: at + "Privileged"}
	c.Capabilities.Add = capabilityNames(host.CapAdd, at+"CapAdd")
	c.Capabilities.Drop = capabilityNames(host.CapDrop, at+"CapDrop")
	c.Mounts = append(hostConfigMounts(host), c.Mounts...)
	c.VolumesFrom = parseVolumesFrom(host.VolumesFrom, at+"VolumesFrom")
	c.Namespaces = Namespaces{
		PID:     namespace(string(host.PidMode), at+"PidMode"),
		IPC:     namespace(string(host.IpcMode), at+"IpcMode"),
		Network: networkNamespace(string(host.NetworkMode), at+"NetworkMode"),
		UTS:     namespace(string(host.UTSMode), at+"UTSMode"),
		User:    namespace(string(host.UsernsMode), at+"UsernsMode"),
		Cgroup:  namespace(string(host.CgroupnsMode), at+"CgroupnsMode"),
		Join:    namespace(string(host.Cgroup), at+"Cgroup"),
	}
	c.Security = parseSecurityOpt(host.SecurityOpt, at+"SecurityOpt")
	c.Security.MaskedPaths = pathList(host.MaskedPaths, defaultMaskedPaths, at+"MaskedPaths")
	c.Security.ReadonlyPaths = pathList(host.ReadonlyPaths, defaultReadonlyPaths, at+"ReadonlyPaths")
	c.Runtime = Text{Value: host.Runtime, Field: at + "Runtime"}
	c.Isolation = Text{Value: string(host.Isolation), Field: at + "Isolation"}
	c.Annotations = options(host.Annotations, at+"Annotations")
	c.Sysctls = options(host.Sysctls, at+"Sysctls")
	c.StorageOpts = options(host.StorageOpt, at+"StorageOpt")
	c.fromResources(&host.Resources, at)
	c.Resources.ShmSize = host.ShmSize
	c.Resources.OomScoreAdj = int64(host.OomScoreAdj)
	c.Ports = parsePorts(host.PortBindings, at+"PortBindings")
	c.PublishAll = Flag{Value: host.PublishAllPorts, Field: at + "PublishAllPorts"}
	c.ExtraHosts = texts(host.ExtraHosts, at+"ExtraHosts")
	c.DNS = texts(addresses(host.DNS), at+"Dns")
	c.Links = texts(host.Links, at+"Links")
	c.Log = Log{Driver: Text{Value: host.LogConfig.Type, Field: at + "LogConfig.Type"},
		Options: options(host.LogConfig.Config, at+"LogConfig.Config")}
	c.ReadOnlyRoot = Flag{Value: host.ReadonlyRootfs, Field: at + "ReadonlyRootfs"}
	c.Restart = restartOf(host.RestartPolicy, at+"RestartPolicy")
}

func healthcheckOf(check *container.HealthConfig, field string) Healthcheck {
	h := Healthcheck{Field: field}
	if check != nil && len(check.Test) > 0 {
		h.Disabled = check.Test[0] == "NONE"
		h.Set = !h.Disabled
	}
	return h
}

func restartOf(policy container.RestartPolicy, field string) Restart {
	return Restart{Name: string(policy.Name), MaxRetries: policy.MaximumRetryCount, Field: field}
}

// cleanDir cleans a directory in the container, "" aside; a relative one starts
// at its root.
func cleanDir(dir string) string {
	if dir == "" {
		return ""
	}
	return path.Join("/", dir)
}

// envNames keeps the names of environment variables and never their values.
func envNames(env []string) []string {
	names := make([]string, 0, len(env))
	for _, e := range env {
		name, _, _ := strings.Cut(e, "=")
		names = append(names, name)
	}
	return names
}

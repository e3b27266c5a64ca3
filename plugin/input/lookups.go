package input

import (
	"maps"
	"slices"
	"strings"

	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/network"
)

// Facts are what the request does not say and Bulwark looked up, by the name
// in the request. What a rule finds no entry for was not looked up.
type Facts struct {
	Images     map[string]ImageFact     `json:"images"`
	Containers map[string]ContainerFact `json:"containers"`
	Volumes    map[string]VolumeFact    `json:"volumes"`
	Networks   map[string]NetworkFact   `json:"networks"`
	Paths      map[string]PathFact      `json:"paths"`
	Plugins    map[string]PluginFact    `json:"plugins"`
	Nodes      map[string]NodeFact      `json:"nodes"`
	// Users are names of users, looked up in the /etc/passwd of the container
	// that the request starts or enters.
	Users map[string]UserFact `json:"users"`
	Host  HostFact            `json:"host"`
}

// State is what came of a look-up.
type State string

const (
	// Found is that the engine or the host told.
	Found State = "found"
	// Missing is that the engine told that there is no such object: it will
	// answer the request with that.
	Missing State = "missing"
	// Unknown is that nobody told; Reason says why.
	Unknown State = "unknown"
)

// ImageFact is an image of the engine.
type ImageFact struct {
	State  State  `json:"state"`
	Reason string `json:"reason"`
	ID     string `json:"id"`
	// User is who runs when a request names nobody.
	User UserSpec `json:"user"`
	// Origins are the repositories it was pulled from, registry and path.
	// Where the engine knows of none, because the image was made on this host
	// or because it does not keep count, Pulled is false, and Origins are the
	// names it has here, which anybody may give.
	Origins []string `json:"origins"`
	Pulled  bool     `json:"pulled"`
	// Labels are those of the image itself; whoever made it chose them.
	Labels map[string]string `json:"labels"`
}

// ContainerFact is a container of the engine.
type ContainerFact struct {
	State  State  `json:"state"`
	Reason string `json:"reason"`
	ID     string `json:"id"`
	// Name is that of the container, also where the request gives its id.
	Name       string   `json:"name"`
	User       UserSpec `json:"user"`
	Privileged bool     `json:"privileged"`
	// HostPaths are the host paths mounted in it, as volumes too, Capabilities
	// what was added to the engine's default set, Devices those of the host and
	// its rules for more, and HostNamespaces those of the host that it shares:
	// pid, ipc, network, user.
	HostPaths      []string `json:"host_paths"`
	Capabilities   []string `json:"capabilities"`
	Devices        []string `json:"devices"`
	HostNamespaces []string `json:"host_namespaces"`
	// JoinedNamespaces are those of another container that it shares.
	JoinedNamespaces []string `json:"joined_namespaces"`
	// Labels are those of the container; whoever created it chose them.
	Labels map[string]string `json:"labels"`
}

// VolumeFact is a volume of the engine; its options are in Document.Volumes.
type VolumeFact struct {
	State  State  `json:"state"`
	Reason string `json:"reason"`
	Driver string `json:"driver"`
}

// NetworkFact is a network of the engine.
type NetworkFact struct {
	State  State  `json:"state"`
	Reason string `json:"reason"`
	Name   string `json:"name"`
	Driver string `json:"driver"`
}

// PathFact is a host path with every symbolic link followed as the host would.
type PathFact struct {
	State    State  `json:"state"`
	Reason   string `json:"reason"`
	Resolved string `json:"resolved"`
}

// PluginFact is a plugin of the engine.
type PluginFact struct {
	State  State  `json:"state"`
	Reason string `json:"reason"`
	ID     string `json:"id"`
	// Own is true for Bulwark itself, Authorizes for every plugin that can
	// decide on requests.
	Own        bool `json:"own"`
	Authorizes bool `json:"authorizes"`
}

// NodeFact is a node of the swarm.
type NodeFact struct {
	State  State  `json:"state"`
	Reason string `json:"reason"`
	Role   string `json:"role"`
}

// UserFact is a user by name in a container; UID is null unless it was found.
type UserFact struct {
	State  State  `json:"state"`
	Reason string `json:"reason"`
	UID    *int64 `json:"uid"`
}

// HostFact is what the host itself tells.
type HostFact struct {
	// CgroupV1 is true where every container shares the host's cgroup
	// namespace by the engine's default.
	CgroupV1 bool `json:"cgroup_v1"`
}

func newFacts() Facts {
	return Facts{
		Images: map[string]ImageFact{}, Containers: map[string]ContainerFact{}, Volumes: map[string]VolumeFact{},
		Networks: map[string]NetworkFact{}, Paths: map[string]PathFact{}, Plugins: map[string]PluginFact{},
		Nodes: map[string]NodeFact{}, Users: map[string]UserFact{},
	}
}

// Restate fills the document with the configuration that the engine holds of a
// container, so that starting it is judged as creating it would be.
func (d *Document) Restate(config *container.Config, host *container.HostConfig, networks map[string]*network.EndpointSettings) {
	d.setContainer(config, host, &network.NetworkingConfig{EndpointsConfig: networks})
}

// NewContainerFact says what a container of the engine may do.
func NewContainerFact(id, name string, config *container.Config, host *container.HostConfig, hostPaths []string) ContainerFact {
	c := newContainer()
	c.fromHostConfig(host)
	fact := ContainerFact{State: Found, ID: id, Name: strings.TrimPrefix(name, "/"), User: parseUser(config.User, "User"), Privileged: host.Privileged,
		HostPaths: append([]string{}, hostPaths...), Capabilities: values(c.Capabilities.Add),
		Devices: values(c.DeviceRules), HostNamespaces: []string{}, JoinedNamespaces: []string{}, Labels: map[string]string{}}
	maps.Copy(fact.Labels, config.Labels)
	for _, device := range c.Devices {
		fact.Devices = append(fact.Devices, device.Host)
	}
	for name, ns := range map[string]Namespace{"pid": c.Namespaces.PID, "ipc": c.Namespaces.IPC, "network": c.Namespaces.Network, "user": c.Namespaces.User} {
		switch ns.Mode {
		case "host":
			fact.HostNamespaces = append(fact.HostNamespaces, name)
		case "container":
			fact.JoinedNamespaces = append(fact.JoinedNamespaces, name)
		}
	}
	slices.Sort(fact.HostNamespaces)
	slices.Sort(fact.JoinedNamespaces)
	return fact
}

// AddPowers adds what another container may do that goes by the same name.
func (f *ContainerFact) AddPowers(other ContainerFact) {
	f.Privileged = f.Privileged || other.Privileged
	f.HostPaths = append(f.HostPaths, other.HostPaths...)
	f.Capabilities = append(f.Capabilities, other.Capabilities...)
	f.Devices = append(f.Devices, other.Devices...)
	f.HostNamespaces = append(f.HostNamespaces, other.HostNamespaces...)
	f.JoinedNamespaces = append(f.JoinedNamespaces, other.JoinedNamespaces...)
}

// JoinedContainers are the containers whose namespaces a container shares.
func (c *Container) JoinedContainers() []string {
	var names []string
	all := c.Namespaces
	for _, ns := range []Namespace{all.PID, all.IPC, all.Network, all.UTS, all.User, all.Cgroup, all.Join} {
		names = append(names, ns.Container)
	}
	return names
}

// AddVolume adds a volume that the engine holds under the name of a mount.
func (d *Document) AddVolume(name, driver string, opts, labels map[string]string, field string) {
	d.Volumes = append(d.Volumes, newVolume(Volume{Name: name, Driver: driver, Labels: labels, Field: field,
		Options: options(opts, field)}))
}

// VolumePaths are the host paths that the options of a local volume expose.
func VolumePaths(opts map[string]string) []string { return optionPaths(options(opts, "")) }

// ParseUser reads the user that an image or a container has.
func ParseUser(value, field string) UserSpec { return parseUser(value, field) }

// ParseImageName returns the registry and path of a reference, "" when it is
// none.
func ParseImageName(reference string) string { return parseImage("", reference, "").Name }

package input

// Image is one image the request names.
type Image struct {
	// Use is why it is named: run, mount, pull, push, inspect, remove, cache
	// (the layers of a build), or what would be written under that name: tag, commit, import, build.
	// "tag_source" is the image a tag is made of.
	Use string `json:"use"`
	// Value is the text in the request, the tag parameter joined to it.
	Value string `json:"value"`
	Field string `json:"field"`
	// Valid is false when no engine could read Value as a reference.
	Valid bool `json:"valid"`
	// Registry and Repository as distribution/reference reads them:
	// docker.io and library/busybox. Both "" when not Valid or an id.
	Registry   string `json:"registry"`
	Repository string `json:"repository"`
	// Name is Registry/Repository.
	Name   string `json:"name"`
	Tag    string `json:"tag"`
	Digest string `json:"digest"`
	// ID is true when the engine may take Value as the id of a local image
	// or a prefix of one.
	ID bool `json:"id"`
}

// Volume is a volume as VolumeCreate, a volume mount or VolumeDriver
// describes it.
type Volume struct {
	Name string `json:"name"`
	// Driver is "" or "local" for the engine's own.
	Driver  string   `json:"driver"`
	Options []Option `json:"options"`
	// HostPaths are the host paths that a local volume's options expose,
	// cleaned: the device, an overlay's directories.
	HostPaths []string `json:"host_paths"`
	// Cluster is true for a CSI volume of a swarm.
	Cluster bool              `json:"cluster"`
	Labels  map[string]string `json:"labels"`
	Field   string            `json:"field"`
}

// Endpoint is one attachment of a container to a network.
type Endpoint struct {
	Network   string   `json:"network"`
	Container string   `json:"container"`
	Options   []Option `json:"driver_options"`
	Static    []Text   `json:"static_addresses"`
	Aliases   []string `json:"aliases"`
	Links     []string `json:"links"`
	MAC       string   `json:"mac_address"`
	Field     string   `json:"field"`
}

// Exec is a process to start in a running container, named by Document.Object.
type Exec struct {
	User       UserSpec `json:"user"`
	Privileged Flag     `json:"privileged"`
	WorkingDir Text     `json:"working_dir"`
	EnvNames   []string `json:"env_names"`
	TTY        bool     `json:"tty"`
	Stdin      bool     `json:"attach_stdin"`
}

// Network is a network to be created.
type Network struct {
	Name        string   `json:"name"`
	Driver      Text     `json:"driver"`
	Options     []Option `json:"options"`
	IPAMDriver  Text     `json:"ipam_driver"`
	IPAMOptions []Option `json:"ipam_options"`
	// Subnets are in CIDR notation, the host's part zero.
	Subnets    []Text `json:"subnets"`
	Internal   bool   `json:"internal"`
	Attachable Flag   `json:"attachable"`
	Ingress    Flag   `json:"ingress"`
	ConfigFrom Text   `json:"config_from"`
	ConfigOnly Flag   `json:"config_only"`
	Scope      Text   `json:"scope"`
}

// Build is an image build. Its parameters are a hint only: a form in the
// request body, which a plugin never sees, overrides them.
type Build struct {
	Remote       Text     `json:"remote"`
	Network      Text     `json:"network"`
	CgroupParent Text     `json:"cgroup_parent"`
	Arguments    []string `json:"argument_names"`
	CacheFrom    []Text   `json:"cache_from"`
	ExtraHosts   []Text   `json:"extra_hosts"`
	SecurityOpts []Text   `json:"security_options"`
	Outputs      Text     `json:"outputs"`
	Session      Text     `json:"session"`
}

// Swarm is a change of swarm membership or settings.
type Swarm struct {
	ListenAddr  Text   `json:"listen_addr"`
	RemoteAddrs []Text `json:"remote_addrs"`
	ForceNew    Flag   `json:"force_new_cluster"`
	ExternalCAs []Text `json:"external_cas"`
}

// Service is what a service request says beside its container.
type Service struct {
	Name     string `json:"name"`
	Rollback Text   `json:"rollback"`
	// Runtime is the task runtime: "" or container, plugin, attachment.
	Runtime Text   `json:"runtime"`
	Mode    string `json:"mode"`
	// Secrets and Configs are the names the tasks would see.
	Secrets []Text `json:"secrets"`
	Configs []Text `json:"configs"`
	// Dropped are fields of the request that its API version ignores: a
	// hardening named here is not in force (moby
	// daemon/server/router/swarm/helpers.go).
	Dropped []Text `json:"dropped"`
}

// Node is a change of a swarm node.
type Node struct {
	Role         Text `json:"role"`
	Availability Text `json:"availability"`
}

// Plugin is an operation on an engine plugin.
type Plugin struct {
	// Name is the plugin's name or id, or a prefix of its id.
	Name string `json:"name"`
	// Remote is where it comes from, for pull and upgrade.
	Remote Text `json:"remote"`
	// Privileges are the privileges the client says it accepts; Settings
	// are the names that a set would change.
	Privileges []Option `json:"privileges"`
	Settings   []Text   `json:"settings"`
	Force      bool     `json:"force"`
}

// Archive is a copy in or out of a container, or a checkpoint of one.
type Archive struct {
	Path  Text `json:"path"`
	Write bool `json:"write"`
	// Checkpoint and CheckpointDir are those of a checkpoint or a restore.
	Checkpoint    Text `json:"checkpoint"`
	CheckpointDir Text `json:"checkpoint_dir"`
}

// Registry is a contact with a registry that moves no image.
type Registry struct {
	Host Text `json:"host"`
}

// Sensitive is a secret or config, without its data.
type Sensitive struct {
	Name       string            `json:"name"`
	Driver     Text              `json:"driver"`
	Templating Text              `json:"templating"`
	Labels     map[string]string `json:"labels"`
}

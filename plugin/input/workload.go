package input

// Container is the one shape in which rules see a workload, whether it came
// from ContainerCreate, ContainerUpdate, ServiceCreate or ServiceUpdate.
// A fact that the request's kind cannot state has its zero value; a list is
// never null.
type Container struct {
	Name       Text     `json:"name"`
	Image      Image    `json:"image"`
	User       UserSpec `json:"user"`
	Groups     []Group  `json:"groups"`
	Privileged Flag     `json:"privileged"`

	Capabilities Capabilities      `json:"capabilities"`
	Mounts       []Mount           `json:"mounts"`
	VolumesFrom  []VolumesFrom     `json:"volumes_from"`
	Namespaces   Namespaces        `json:"namespaces"`
	Security     Security          `json:"security"`
	Devices      []Device          `json:"devices"`
	DeviceRules  []Text            `json:"device_cgroup_rules"`
	DeviceReqs   []DeviceRequest   `json:"device_requests"`
	BlkioDevices []Text            `json:"blkio_devices"`
	Runtime      Text              `json:"runtime"`
	Isolation    Text              `json:"isolation"`
	CgroupParent Text              `json:"cgroup_parent"`
	Annotations  []Option          `json:"annotations"`
	Sysctls      []Option          `json:"sysctls"`
	StorageOpts  []Option          `json:"storage_options"`
	Resources    Resources         `json:"resources"`
	Ports        []Port            `json:"ports"`
	PublishAll   Flag              `json:"publish_all"`
	ExtraHosts   []Text            `json:"extra_hosts"`
	DNS          []Text            `json:"dns"`
	Links        []Text            `json:"links"`
	Log          Log               `json:"log"`
	ReadOnlyRoot Flag              `json:"read_only_rootfs"`
	Restart      Restart           `json:"restart"`
	Healthcheck  Healthcheck       `json:"healthcheck"`
	WorkingDir   Text              `json:"working_dir"`
	EnvNames     []string          `json:"env_names"`
	Labels       map[string]string `json:"labels"`
}

// UserSpec is a user as in `--user`. The engine reads the part before ":" as
// a number when strconv.Atoi accepts it and as a name in the image otherwise.
type UserSpec struct {
	Value string `json:"value"`
	Field string `json:"field"`
	// Kind is "absent" (the image decides), "uid", "name" (the image's
	// /etc/passwd decides, "root" aside, which is uid 0), or "odd": a number
	// in a spelling that only some readers take, such as +1000 or 1000:.
	Kind string `json:"kind"`
	// Name is what /etc/passwd must turn into a number, "" where nothing is.
	Name string `json:"name"`
	// UID is null unless the request alone decides it.
	UID *int64 `json:"uid"`
	// GID is null unless the request states a numeric group.
	GID *int64 `json:"gid"`
	// Group is the part after ":", "" when absent.
	Group string `json:"group"`
}

// Group is a supplementary group, GID null when it is a name.
type Group struct {
	Value string `json:"value"`
	GID   *int64 `json:"gid"`
	Field string `json:"field"`
}

// Capabilities holds names in upper case without the CAP_ prefix, "ALL" as is.
type Capabilities struct {
	Add  []Text `json:"add"`
	Drop []Text `json:"drop"`
	// Effective is what the container would hold: the engine's default set,
	// less Drop, plus Add; every capability when privileged.
	Effective []string `json:"effective"`
}

// Mount is one mount of any kind, from Binds, Mounts, Tmpfs or Volumes.
type Mount struct {
	Field string `json:"field"`
	// Type is bind, volume, tmpfs, image, npipe or cluster, and bind for a
	// mount of a service that has none. The engine refuses any other.
	Type string `json:"type"`
	// Source is the host path (cleaned as the engine cleans it) of a bind,
	// the name of a volume, the reference of an image.
	Source   string `json:"source"`
	Target   string `json:"target"`
	ReadOnly bool   `json:"read_only"`
	// Propagation is "" when the engine's default (rprivate) applies. The
	// engine refuses for a bind what is not in this list.
	Propagation string `json:"propagation"`
	// CreateSource is true when the engine would create a missing host path.
	CreateSource bool `json:"create_source"`
	// Submounts is "" by default, else non_recursive, writable or readonly.
	Submounts string `json:"submounts"`
	Subpath   string `json:"subpath"`
	// Options are tmpfs options, one an entry: "exec", "size=1m".
	Options []string `json:"options"`
}

// VolumesFrom is another container whose mounts are taken over.
type VolumesFrom struct {
	Container string `json:"container"`
	Mode      string `json:"mode"`
	Field     string `json:"field"`
}

// Namespaces says for each kind of namespace which one the container joins.
type Namespaces struct {
	PID     Namespace `json:"pid"`
	IPC     Namespace `json:"ipc"`
	Network Namespace `json:"network"`
	UTS     Namespace `json:"uts"`
	User    Namespace `json:"user"`
	Cgroup  Namespace `json:"cgroup"`
	// Join is the container whose cgroup is shared (HostConfig.Cgroup).
	Join Namespace `json:"cgroup_join"`
}

// Namespace is "" (the engine's default), host, container, private,
// shareable, none, or, for a network, its name.
type Namespace struct {
	Value string `json:"value"`
	Mode  string `json:"mode"`
	// Container is the container whose namespace is joined, "" unless Mode
	// is container.
	Container string `json:"container"`
	Field     string `json:"field"`
}

// Security is what SecurityOpt, MaskedPaths, ReadonlyPaths and a service's
// Privileges come to.
type Security struct {
	Seccomp         Seccomp         `json:"seccomp"`
	AppArmor        Text            `json:"apparmor"`
	Labels          []Text          `json:"labels"`
	NoNewPrivileges NoNewPrivileges `json:"no_new_privileges"`
	MaskedPaths     PathList        `json:"masked_paths"`
	ReadonlyPaths   PathList        `json:"readonly_paths"`
	WritableCgroups Flag            `json:"writable_cgroups"`
	// Credentials is the field of a Windows credential spec, "" without one.
	Credentials Text `json:"credential_spec"`
	// Unknown are security options no engine knows.
	Unknown []Text `json:"unknown"`
}

// Seccomp is the profile the container would run under.
type Seccomp struct {
	Field string `json:"field"`
	// Mode is "" or "builtin" (the engine's own profile), "unconfined",
	// "profile" (sent with the request) or "invalid".
	Mode string `json:"mode"`
	// Weaker lists what a profile allows and the built-in one refuses, as
	// names a person can read, sorted; empty when it is at least as strict.
	Weaker []string `json:"weaker"`

	// profile is the profile's JSON, judged once the capabilities are known.
	profile string
}

// NoNewPrivileges is "" when the request leaves it to the engine's default.
type NoNewPrivileges struct {
	Value string `json:"value"` // "", "true" or "false", the last entry wins
	// Off are the entries that switch it off, even when a later one
	// switches it on.
	Off   []Text `json:"off"`
	Field string `json:"field"`
}

// PathList is a list that replaces the engine's defaults once it is set.
type PathList struct {
	Set    bool     `json:"set"`
	Values []string `json:"values"`
	// Missing are the engine's default entries that Values leaves out.
	Missing []string `json:"missing"`
	Field   string   `json:"field"`
}

// Device is a host device given to the container; Host is a cleaned path.
type Device struct {
	Host        string `json:"host"`
	Container   string `json:"container"`
	Permissions string `json:"permissions"`
	Field       string `json:"field"`
}

// DeviceRequest is a request to a device driver such as nvidia or cdi.
type DeviceRequest struct {
	Driver       string     `json:"driver"`
	Count        int        `json:"count"`
	IDs          []string   `json:"ids"`
	Capabilities [][]string `json:"capabilities"`
	Options      []Option   `json:"options"`
	Field        string     `json:"field"`
}

// Resources are limits; null means the request does not state one. Memory is
// in bytes, NanoCPUs in 1e-9 CPUs, and a PidsLimit of 0 or less is no limit.
type Resources struct {
	Field           string   `json:"field"`
	Memory          *int64   `json:"memory"`
	MemorySwap      *int64   `json:"memory_swap"`
	NanoCPUs        *int64   `json:"nano_cpus"`
	CPUQuota        *int64   `json:"cpu_quota"`
	CPUShares       *int64   `json:"cpu_shares"`
	CPURealtime     *int64   `json:"cpu_realtime_runtime"`
	PidsLimit       *int64   `json:"pids_limit"`
	OomKillDisabled Flag     `json:"oom_kill_disable"`
	OomScoreAdj     int64    `json:"oom_score_adj"`
	ShmSize         int64    `json:"shm_size"`
	Ulimits         []Ulimit `json:"ulimits"`
}

// Ulimit is one resource limit of the container's processes, -1 is unlimited.
type Ulimit struct {
	Name  string `json:"name"`
	Soft  int64  `json:"soft"`
	Hard  int64  `json:"hard"`
	Field string `json:"field"`
}

// Port is one published port. HostFirst and HostLast are 0 when the engine
// picks one, and -1 when the request's text is not a port or a range.
type Port struct {
	HostIP    string `json:"host_ip"`
	HostFirst int    `json:"host_first"`
	HostLast  int    `json:"host_last"`
	Container int    `json:"container_port"`
	Protocol  string `json:"protocol"`
	Field     string `json:"field"`
}

// Log is the log driver and its options.
type Log struct {
	Driver  Text     `json:"driver"`
	Options []Option `json:"options"`
}

// Restart is the restart policy; Name is "" when none is stated.
type Restart struct {
	Name       string `json:"name"`
	MaxRetries int    `json:"max_retries"`
	Field      string `json:"field"`
}

// Healthcheck says whether the request states a check or switches one off.
type Healthcheck struct {
	Set      bool   `json:"set"`
	Disabled bool   `json:"disabled"`
	Field    string `json:"field"`
}

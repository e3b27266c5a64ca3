package compose

import (
	"strings"

	"github.com/bulwark-authz/bulwark/cmd/bulwark/internal/check/place"
)

// keys leads from a field of a request to where the file says it.
type keys struct {
	tree  place.Tree
	base  place.Path            // of the service, network or volume
	own   map[string]place.Path // of this request, below base
	table map[string]string     // of every request of the kind, below base
}

// Locate returns the key behind a field, as a person writes it, and its line.
// Where the file says nothing of the field, it is that of the whole service.
func (r Request) Locate(field string) (key string, line int) {
	line, found := r.keys.tree.Find(r.keys.path(field))
	return found.String(), line
}

// path finds the longest part of the field that is known, and adds the number
// or the name that follows it.
func (k keys) path(field string) place.Path {
	for known := field; known != ""; known = shorten(known) {
		if path, ok := k.own[known]; ok {
			return k.below(path)
		}
		key, ok := k.table[known]
		if !ok {
			continue
		}
		path := place.Path{}
		for step := range strings.SplitSeq(key, ".") {
			path = append(path, step)
		}
		if rest := place.Field(field[len(known):]); len(rest) > 0 && strings.HasPrefix(field[len(known):], "[") && !k.merged(path) {
			path = append(path, rest[0])
		}
		return k.below(path)
	}
	return k.base
}

func (k keys) below(path place.Path) place.Path {
	return append(append(place.Path{}, k.base...), path...)
}

// merged reports whether a list is made up of several files' or services', so
// that its numbers are not the file's.
func (k keys) merged(place.Path) bool {
	_, found := k.tree.Find(k.below(place.Path{"extends"}))
	return len(found) > len(k.base)
}

// shorten takes the last step off a field.
func shorten(field string) string {
	cut := strings.LastIndexAny(field, ".[")
	if strings.HasSuffix(field, `"]`) {
		cut = strings.Index(field, `["`)
	}
	return field[:max(cut, 0)]
}

// serviceKeys are the keys of a service behind the fields of ContainerCreate.
var serviceKeys = map[string]string{
	"Image":                            "image",
	"User":                             "user",
	"WorkingDir":                       "working_dir",
	"Healthcheck":                      "healthcheck",
	"Labels":                           "labels",
	"Env":                              "environment",
	"name":                             "container_name",
	"HostConfig.Annotations":           "annotations",
	"HostConfig.BlkioWeightDevice":     "blkio_config.weight_device",
	"HostConfig.BlkioDeviceReadBps":    "blkio_config.device_read_bps",
	"HostConfig.BlkioDeviceReadIOps":   "blkio_config.device_read_iops",
	"HostConfig.BlkioDeviceWriteBps":   "blkio_config.device_write_bps",
	"HostConfig.BlkioDeviceWriteIOps":  "blkio_config.device_write_iops",
	"HostConfig.CapAdd":                "cap_add",
	"HostConfig.CapDrop":               "cap_drop",
	"HostConfig.CgroupParent":          "cgroup_parent",
	"HostConfig.CgroupnsMode":          "cgroup",
	"HostConfig.CpuRealtimeRuntime":    "cpu_rt_runtime",
	"HostConfig.CpuShares":             "cpu_shares",
	"HostConfig.DeviceCgroupRules":     "device_cgroup_rules",
	"HostConfig.DeviceRequests":        "gpus",
	"HostConfig.Dns":                   "dns",
	"HostConfig.ExtraHosts":            "extra_hosts",
	"HostConfig.GroupAdd":              "group_add",
	"HostConfig.IpcMode":               "ipc",
	"HostConfig.Isolation":             "isolation",
	"HostConfig.LogConfig.Type":        "logging.driver",
	"HostConfig.LogConfig.Config":      "logging.options",
	"HostConfig.MaskedPaths":           "security_opt",
	"HostConfig.Memory":                "mem_limit",
	"HostConfig.NanoCpus":              "cpus",
	"HostConfig.NetworkMode":           "network_mode",
	"HostConfig.OomKillDisable":        "oom_kill_disable",
	"HostConfig.OomScoreAdj":           "oom_score_adj",
	"HostConfig.PidMode":               "pid",
	"HostConfig.PidsLimit":             "pids_limit",
	"HostConfig.Privileged":            "privileged",
	"HostConfig.ReadonlyPaths":         "security_opt",
	"HostConfig.ReadonlyRootfs":        "read_only",
	"HostConfig.RestartPolicy":         "restart",
	"HostConfig.Runtime":               "runtime",
	"HostConfig.SecurityOpt":           "security_opt",
	"HostConfig.ShmSize":               "shm_size",
	"HostConfig.StorageOpt":            "storage_opt",
	"HostConfig.Sysctls":               "sysctls",
	"HostConfig.Tmpfs":                 "tmpfs",
	"HostConfig.UTSMode":               "uts",
	"HostConfig.UsernsMode":            "userns_mode",
	"HostConfig.VolumeDriver":          "volume_driver",
	"HostConfig.VolumesFrom":           "volumes_from",
	"NetworkingConfig.EndpointsConfig": "networks",
}

var networkKeys = map[string]string{
	"Driver": "driver", "Options": "driver_opts", "Attachable": "attachable", "name": "name", "Name": "name",
	"IPAM.Driver": "ipam.driver", "IPAM.Options": "ipam.options", "IPAM.Config": "ipam.config",
}

var volumeKeys = map[string]string{"Driver": "driver", "DriverOpts": "driver_opts", "Name": "name"}

var hookKeys = map[string]string{"User": "user", "Privileged": "privileged", "WorkingDir": "working_dir"}

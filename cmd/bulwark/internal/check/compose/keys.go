package compose

import (
	"fmt"
	"strings"

	"github.com/bulwark-authz/bulwark/cmd/bulwark/internal/check/place"
)

// keys leads from a field of a request to where the file says it.
type keys struct {
	parts []written // of the service, network or volume
	home  written
	below place.Path            // where in it the keys are
	own   map[string]place.Path // of this request
	table map[string]string     // of every request of the kind
}

// keysOf leads to the keys of a service, network or volume.
func keysOf(files []file, kind, name string, table map[string]string) keys {
	all, home := parts(files, kind, name)
	return keys{parts: all, home: home, own: map[string]place.Path{}, table: table}
}

// texts leads to the elements of a list of texts.
func (k keys) texts(field, key string, list []string) {
	for i := range list {
		k.own[fmt.Sprintf("%s[%d]", field, i)] = place.Path{key, text(i, list)}
	}
}

// Locate returns where the key behind a field is. Where no file says anything
// of the field, it is that of the whole service.
func (r Request) Locate(field string) place.Place { return r.keys.locate(r.keys.path(field)) }

// path finds the longest part of the field that is known, and adds the number
// or the name that follows it.
func (k keys) path(field string) place.Path {
	for known := field; known != ""; known = shorten(known) {
		if path, ok := k.own[known]; ok {
			return path
		}
		key, ok := k.table[known]
		if !ok {
			continue
		}
		path := place.Path{}
		for step := range strings.SplitSeq(key, ".") {
			path = append(path, step)
		}
		if rest := place.Field(field[len(known):]); len(rest) > 0 && strings.HasPrefix(field[len(known):], "[") {
			return append(path, step(rest[0]))
		}
		return path
	}
	return nil
}

// step is a step to a member or an element.
func step(to any) any {
	if number, isNumber := to.(int); isNumber {
		return numbered(number)
	}
	return to
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

var buildKeys = map[string]string{
	"path": "build", "buildargs": "build.args", "cachefrom": "build.cache_from", "networkmode": "build.network", "remote": "build.context",
}

var hookKeys = map[string]string{"User": "user", "Privileged": "privileged", "WorkingDir": "working_dir"}

package input

import (
	"path"
	"slices"
	"strings"

	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/mount"
)

// propagations are the modes a bind may have (moby
// daemon/volume/mounts/linux_parser.go).
var propagations = []string{"private", "rprivate", "slave", "rslave", "shared", "rshared"}

// hostConfigMounts lists the mounts of Binds, Mounts and Tmpfs.
func hostConfigMounts(host *container.HostConfig) []Mount {
	mounts := make([]Mount, 0, len(host.Binds)+len(host.Mounts)+len(host.Tmpfs))
	for i, bind := range host.Binds {
		mounts = append(mounts, parseBind(bind, element("HostConfig.Binds", i)))
	}
	for i, m := range host.Mounts {
		mounts = append(mounts, parseMount(m, element("HostConfig.Mounts", i)))
	}
	for _, target := range sortedKeys(host.Tmpfs) {
		mounts = append(mounts, Mount{Type: "tmpfs", Target: path.Clean(target),
			Options: splitOptions(host.Tmpfs[target]), Field: member("HostConfig.Tmpfs", target)})
	}
	return mounts
}

// parseBind reads an entry of Binds as the daemon does: SOURCE:TARGET[:MODE],
// or a target alone; only a source with a leading "/" is a host path (moby
// daemon/volume/mounts/linux_parser.go, ParseMountRaw).
func parseBind(bind, field string) Mount {
	m := Mount{Type: "volume", Field: field, Options: []string{}}
	parts := strings.SplitN(bind, ":", 4)
	if len(parts) == 1 {
		m.Target = path.Clean(bind)
		return m
	}
	m.Source, m.Target = parts[0], path.Clean(parts[1])
	if strings.HasPrefix(m.Source, "/") {
		m.Type, m.Source, m.CreateSource = "bind", path.Clean(m.Source), true
	}
	if len(parts) > 2 {
		m.Options = splitOptions(parts[2])
	}
	m.ReadOnly = slices.Contains(m.Options, "ro")
	for _, mode := range m.Options {
		if slices.Contains(propagations, mode) {
			m.Propagation = mode
		}
	}
	return m
}

// parseMount reads an entry of Mounts, of a container or of a service.
func parseMount(spec mount.Mount, field string) Mount {
	m := Mount{
		Type: string(spec.Type), Source: spec.Source, Target: path.Clean(spec.Target),
		ReadOnly: spec.ReadOnly, Options: []string{}, Field: field,
	}
	if m.Type == "bind" {
		m.Source = path.Clean(spec.Source)
	}
	if o := spec.BindOptions; o != nil {
		m.Propagation, m.CreateSource, m.Submounts = string(o.Propagation), o.CreateMountpoint, submounts(o)
	}
	if o := spec.VolumeOptions; o != nil {
		m.Subpath = o.Subpath
	}
	if o := spec.ImageOptions; o != nil {
		m.Subpath = o.Subpath
	}
	if o := spec.TmpfsOptions; o != nil {
		for _, option := range o.Options {
			m.Options = append(m.Options, strings.Join(option, "="))
		}
	}
	return m
}

func submounts(o *mount.BindOptions) string {
	switch {
	case o.NonRecursive:
		return "non_recursive"
	case o.ReadOnlyNonRecursive:
		return "writable"
	case o.ReadOnlyForceRecursive:
		return "readonly"
	}
	return ""
}

func parseVolumesFrom(specs []string, field string) []VolumesFrom {
	list := make([]VolumesFrom, 0, len(specs))
	for i, spec := range specs {
		name, mode, _ := strings.Cut(spec, ":")
		list = append(list, VolumesFrom{Container: name, Mode: mode, Field: element(field, i)})
	}
	return list
}

// mostOptions is more than any mount has; what is beyond stays in one piece,
// with commas in it, and is no option that a rule allows.
const mostOptions = 32

func splitOptions(s string) []string {
	if s == "" {
		return []string{}
	}
	return strings.SplitN(s, ",", mostOptions)
}

// hostConfigVolumes lists the volumes that a create request describes.
func hostConfigVolumes(host *container.HostConfig) []Volume {
	volumes := mountedVolumes(host.Mounts, "HostConfig.Mounts")
	if host.VolumeDriver != "" {
		volumes = append(volumes, newVolume(Volume{Driver: host.VolumeDriver, Field: "HostConfig.VolumeDriver"}))
	}
	return volumes
}

// mountedVolumes lists the volumes that mounts describe with a driver.
func mountedVolumes(mounts []mount.Mount, field string) []Volume {
	volumes := []Volume{}
	for i, m := range mounts {
		at := element(field, i)
		switch {
		case m.Type == mount.TypeCluster:
			volumes = append(volumes, newVolume(Volume{Name: m.Source, Cluster: true, Field: at}))
		case m.VolumeOptions != nil && m.VolumeOptions.DriverConfig != nil:
			driver := m.VolumeOptions.DriverConfig
			at += ".VolumeOptions.DriverConfig"
			volumes = append(volumes, newVolume(Volume{Name: m.Source, Driver: driver.Name, Field: at,
				Options: options(driver.Options, at+".Options"), Labels: m.VolumeOptions.Labels}))
		}
	}
	return volumes
}

// newVolume completes a volume: no list is null, and host paths are listed.
func newVolume(v Volume) Volume {
	if v.Options == nil {
		v.Options = []Option{}
	}
	if v.Labels == nil {
		v.Labels = map[string]string{}
	}
	v.HostPaths = optionPaths(v.Options)
	return v
}

// optionPaths lists the host paths in a local volume's options: the device,
// and the directories of an overlay. The daemon hands them to mount(2) as they
// are (moby daemon/volume/local/local_unix.go), so that a relative device of a
// bind starts where the daemon runs, in "/".
func optionPaths(opts []Option) []string {
	paths := []string{}
	device, bind := "", false
	for _, o := range opts {
		switch strings.ToLower(o.Name) {
		case "device":
			device = o.Value
		case "o":
			parts := splitOptions(o.Value)
			if len(parts) == mostOptions {
				paths = append(paths, "/") // too many to tell
			}
			for _, part := range parts {
				bind = bind || part == "bind" || part == "rbind"
				if key, dirs, ok := strings.Cut(part, "="); ok && strings.HasSuffix(key, "dir") {
					paths = append(paths, strings.SplitN(dirs, ":", mostOptions)...)
				}
			}
		}
	}
	switch {
	case bind && device != "":
		device = path.Join("/", device)
	case strings.HasPrefix(device, "//"): // a share of another host
		device = ""
	}
	paths = append(paths, device)
	paths = slices.DeleteFunc(paths, func(p string) bool { return !strings.HasPrefix(p, "/") })
	for i, p := range paths {
		paths[i] = path.Clean(p)
	}
	return paths
}

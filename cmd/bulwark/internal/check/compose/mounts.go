package compose

import (
	"strings"

	"github.com/compose-spec/compose-go/v2/types"

	"github.com/bulwark-authz/bulwark/cmd/bulwark/internal/check/place"
)

// entry is something to mount, and the key that asks for it.
type entry struct {
	types.ServiceVolumeConfig
	key place.Path
}

// entries are all that a service mounts. Secrets and configs are files of the
// project that compose mounts; those with their content in the file it copies.
func entries(project *types.Project, s types.ServiceConfig) []entry {
	var list []entry
	for i, volume := range s.Volumes {
		list = append(list, entry{volume, place.Path{"volumes", mountAt(i, len(s.Volumes), volume.Target)}})
	}
	file := func(source, target, dir string, definition types.FileObjectConfig, key place.Path) {
		if target == "" {
			target = source
		}
		if !strings.HasPrefix(target, "/") {
			target = dir + target
		}
		if definition.File != "" {
			list = append(list, entry{types.ServiceVolumeConfig{Type: "bind", Source: definition.File, Target: target, ReadOnly: true,
				Bind: &types.ServiceVolumeBind{}}, key})
		}
	}
	for i, secret := range s.Secrets {
		file(secret.Source, secret.Target, "/run/secrets/", types.FileObjectConfig(project.Secrets[secret.Source]), place.Path{"secrets", named(i, len(s.Secrets), secret.Source)})
	}
	for i, config := range s.Configs {
		file(config.Source, config.Target, "/", types.FileObjectConfig(project.Configs[config.Source]), place.Path{"configs", named(i, len(s.Configs), config.Source)})
	}
	if s.UseAPISocket {
		const socket = "/var/run/docker.sock"
		list = append(list, entry{types.ServiceVolumeConfig{Type: "bind", Source: socket, Target: socket}, place.Path{"use_api_socket"}})
	}
	return list
}

// bindable reports whether compose writes a mount as one of Binds: all that
// need none of the options that only Mounts have.
func (e entry) bindable(project *types.Project) bool {
	switch e.Type {
	case types.VolumeTypeBind:
		return e.Bind == nil || bool(e.Bind.CreateHostPath) && e.Bind.Propagation == "" && e.Bind.Recursive == ""
	case types.VolumeTypeVolume:
		_, known := project.Volumes[e.Source]
		return known && (e.Volume == nil || len(e.Volume.Labels) == 0 && e.Volume.Subpath == "" && !e.Volume.NoCopy)
	}
	return false
}

// name is the volume that the engine knows, or the host path.
func (e entry) name(project *types.Project) string {
	if volume, ok := project.Volumes[e.Source]; ok && e.Type == types.VolumeTypeVolume {
		return volume.Name
	}
	return e.Source
}

func (e entry) bind(project *types.Project) string {
	mode := "rw"
	if e.ReadOnly {
		mode = "ro"
	}
	if e.Bind != nil && e.Bind.SELinux != "" {
		mode += "," + e.Bind.SELinux
	}
	return e.name(project) + ":" + e.Target + ":" + mode
}

func (e entry) mount(project *types.Project) object {
	m := object{"Type": e.Type, "Source": e.name(project), "Target": e.Target, "ReadOnly": e.ReadOnly, "Consistency": e.Consistency}
	switch {
	case e.Type == types.VolumeTypeBind && e.Bind != nil:
		m["BindOptions"] = stated(object{"Propagation": e.Bind.Propagation, "CreateMountpoint": bool(e.Bind.CreateHostPath),
			"NonRecursive":           e.Bind.Recursive == "disabled",
			"ReadOnlyNonRecursive":   e.Bind.Recursive == "writable",
			"ReadOnlyForceRecursive": e.Bind.Recursive == "readonly"})
	case e.Type == types.VolumeTypeVolume && e.Volume != nil:
		m["VolumeOptions"] = stated(object{"NoCopy": e.Volume.NoCopy, "Subpath": e.Volume.Subpath, "Labels": e.Volume.Labels})
	case e.Type == types.VolumeTypeTmpfs && e.Tmpfs != nil:
		m["TmpfsOptions"] = stated(object{"SizeBytes": int64(e.Tmpfs.Size), "Mode": e.Tmpfs.Mode})
	case e.Type == types.VolumeTypeImage && e.Image != nil:
		m["ImageOptions"] = stated(object{"Subpath": e.Image.SubPath})
	}
	return stated(m)
}

func tmpfs(s types.ServiceConfig) map[string]string {
	mounts := map[string]string{}
	for _, t := range s.Tmpfs {
		target, options, _ := strings.Cut(t, ":")
		mounts[target] = options
	}
	return mounts
}

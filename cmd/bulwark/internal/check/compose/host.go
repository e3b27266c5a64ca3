package compose

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/compose-spec/compose-go/v2/types"

	"github.com/bulwark-authz/bulwark/cmd/bulwark/internal/check/place"
)

func addMounts(project *types.Project, s types.ServiceConfig, host object, k keys) {
	var binds []string
	var mounts []object
	for _, e := range entries(project, s) {
		if e.bindable(project) {
			k.own[fmt.Sprintf("HostConfig.Binds[%d]", len(binds))] = e.key
			binds = append(binds, e.bind(project))
			continue
		}
		k.own[fmt.Sprintf("HostConfig.Mounts[%d]", len(mounts))] = e.key
		mounts = append(mounts, e.mount(project))
	}
	host["Binds"], host["Mounts"] = binds, mounts
}

func addPorts(s types.ServiceConfig, host object, k keys) {
	bindings := map[string][]object{}
	for i, port := range s.Ports {
		inside := fmt.Sprintf("%d/%s", port.Target, port.Protocol)
		k.own[fmt.Sprintf("HostConfig.PortBindings[%q][%d]", inside, len(bindings[inside]))] = place.Path{"ports", publishes(i, len(s.Ports), port)}
		bindings[inside] = append(bindings[inside], object{"HostIp": port.HostIP, "HostPort": port.Published})
	}
	host["PortBindings"] = bindings
}

// addSecurity reads security_opt as compose does: a seccomp profile is a file
// of the project, and systempaths=unconfined unmasks /proc.
func addSecurity(project *types.Project, s types.ServiceConfig, host object, k keys) {
	var options []string
	for i, option := range s.SecurityOpt {
		if option == "systempaths=unconfined" {
			host["MaskedPaths"], host["ReadonlyPaths"] = &[]string{}, &[]string{} // empty, and stated
			k.own["HostConfig.MaskedPaths"] = place.Path{"security_opt", text(i, s.SecurityOpt)}
			k.own["HostConfig.ReadonlyPaths"] = place.Path{"security_opt", text(i, s.SecurityOpt)}
			continue
		}
		k.own[fmt.Sprintf("HostConfig.SecurityOpt[%d]", len(options))] = place.Path{"security_opt", text(i, s.SecurityOpt)}
		options = append(options, withProfile(project, option))
	}
	host["SecurityOpt"] = options
}

// withProfile puts the file's content in the place of its name. One that
// cannot be read stays a name, which no engine takes.
func withProfile(project *types.Project, option string) string {
	name, profile, _ := strings.Cut(option, "=")
	if name != "seccomp" || profile == "unconfined" || profile == "builtin" {
		return option
	}
	if !filepath.IsAbs(profile) {
		profile = filepath.Join(project.WorkingDir, profile)
	}
	content, err := os.ReadFile(profile)
	if err != nil {
		return option
	}
	return "seccomp=" + string(content)
}

func addDevices(s types.ServiceConfig, host object, k keys) {
	var devices []object
	for i, d := range s.Devices {
		if d.Source == d.Target && strings.Contains(d.Source, "=") { // vendor.com/class=name
			addRequest(host, k, types.DeviceRequest{Driver: "cdi", IDs: []string{d.Source}}, place.Path{"devices", named(i, len(s.Devices), d.Source)})
			continue
		}
		k.own[fmt.Sprintf("HostConfig.Devices[%d]", len(devices))] = place.Path{"devices", named(i, len(s.Devices), d.Source)}
		devices = append(devices, object{"PathOnHost": d.Source, "PathInContainer": d.Target, "CgroupPermissions": d.Permissions})
	}
	host["Devices"] = devices
	for i, gpu := range s.Gpus {
		gpu.Capabilities = append(gpu.Capabilities, "gpu")
		addRequest(host, k, gpu, place.Path{"gpus", numbered(i)})
	}
}

func addRequest(host object, k keys, r types.DeviceRequest, key place.Path) {
	requests, _ := host["DeviceRequests"].([]object)
	k.own[fmt.Sprintf("HostConfig.DeviceRequests[%d]", len(requests))] = key
	request := object{"Driver": r.Driver, "Count": int(r.Count), "DeviceIDs": r.IDs, "Options": r.Options}
	if len(r.Capabilities) > 0 {
		request["Capabilities"] = [][]string{r.Capabilities}
	}
	host["DeviceRequests"] = append(requests, stated(request))
}

// addDeploy adds what is written for a swarm and holds for a container too.
func addDeploy(deploy types.DeployConfig, host object, k keys) {
	if policy := deploy.RestartPolicy; policy != nil {
		name := map[string]string{"none": "no", "any": "always"}[policy.Condition]
		if name == "" {
			name = policy.Condition
		}
		host["RestartPolicy"] = stated(object{"Name": name, "MaximumRetryCount": policy.MaxAttempts})
		k.own["HostConfig.RestartPolicy"] = place.Path{"deploy", "restart_policy"}
	}
	if limits := deploy.Resources.Limits; limits != nil {
		for _, limit := range []struct {
			field, key string
			value      int64
		}{
			{"Memory", "memory", int64(limits.MemoryBytes)},
			{"NanoCpus", "cpus", int64(limits.NanoCPUs * 1e9)},
			{"PidsLimit", "pids", limits.Pids},
		} {
			if limit.value > 0 {
				host[limit.field] = limit.value
				k.own["HostConfig."+limit.field] = place.Path{"deploy", "resources", "limits", limit.key}
			}
		}
	}
	if reserved := deploy.Resources.Reservations; reserved != nil {
		for i, device := range reserved.Devices {
			addRequest(host, k, device, place.Path{"deploy", "resources", "reservations", "devices", numbered(i)})
		}
	}
}

func addBlkio(blkio *types.BlkioConfig, host object) {
	if blkio == nil {
		return
	}
	host["BlkioWeight"] = blkio.Weight
	for field, list := range map[string][]types.ThrottleDevice{
		"BlkioDeviceReadBps": blkio.DeviceReadBps, "BlkioDeviceReadIOps": blkio.DeviceReadIOps,
		"BlkioDeviceWriteBps": blkio.DeviceWriteBps, "BlkioDeviceWriteIOps": blkio.DeviceWriteIOps,
	} {
		var devices []object
		for _, d := range list {
			devices = append(devices, object{"Path": d.Path, "Rate": int64(d.Rate)})
		}
		host[field] = devices
	}
	var weights []object
	for _, d := range blkio.WeightDevice {
		weights = append(weights, object{"Path": d.Path, "Weight": d.Weight})
	}
	host["BlkioWeightDevice"] = weights
}

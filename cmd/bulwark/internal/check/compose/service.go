package compose

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/compose-spec/compose-go/v2/types"

	"github.com/bulwark-authz/bulwark/cmd/bulwark/internal/check/place"
)

// serviceRequests are those for one container of a service: its creation, what
// is copied into it, and the processes that hooks start in it. What compose makes of each key is in
// docker/compose pkg/compose/create.go.
func serviceRequests(project *types.Project, s types.ServiceConfig, files []file) []Request {
	k := keysOf(files, "services", s.Name, serviceKeys)
	name := containerName(project, s.Name)
	body := config(project, s)
	host := hostConfig(project, s)
	for i, limit := range sorted(s.Ulimits) {
		k.own[fmt.Sprintf("HostConfig.Ulimits[%d]", i)] = place.Path{"ulimits", limit}
	}
	k.texts("HostConfig.CapAdd", "cap_add", s.CapAdd)
	k.texts("HostConfig.CapDrop", "cap_drop", s.CapDrop)
	k.texts("HostConfig.DeviceCgroupRules", "device_cgroup_rules", s.DeviceCgroupRules)
	k.texts("HostConfig.Dns", "dns", s.DNS)
	k.texts("HostConfig.GroupAdd", "group_add", s.GroupAdd)
	k.texts("HostConfig.VolumesFrom", "volumes_from", s.VolumesFrom)
	addMounts(project, s, host, k)
	addPorts(s, host, k)
	addSecurity(project, s, host, k)
	addDevices(s, host, k)
	addNetworks(project, s, body, host, k)
	if s.Deploy != nil {
		addDeploy(*s.Deploy, host, k)
	}
	body["HostConfig"] = stated(host)
	all := []Request{{Subject: "service " + s.Name, Method: "POST", URI: "/containers/create?name=" + url.QueryEscape(name), Body: stated(body), keys: k}}
	all = append(all, copyRequests(project, s, k)...)
	for _, hooks := range []struct {
		key  string
		list []types.ServiceHook
	}{{"post_start", s.PostStart}, {"pre_stop", s.PreStop}} {
		for i, hook := range hooks.list {
			all = append(all, Request{
				Subject: fmt.Sprintf("service %s, %s", s.Name, hooks.key),
				Method:  "POST",
				URI:     "/containers/" + url.PathEscape(name) + "/exec",
				Body: stated(object{"User": hook.User, "Privileged": hook.Privileged, "WorkingDir": hook.WorkingDir, "Cmd": hook.Command,
					"AttachStdout": true, "AttachStderr": true}),
				keys: keys{parts: k.parts, home: k.home, below: place.Path{hooks.key, numbered(i)}, table: hookKeys},
			})
		}
	}
	return all
}

func containerName(project *types.Project, service string) string {
	return cmp.Or(project.Services[service].ContainerName, project.Name+"-"+service+"-1")
}

func config(project *types.Project, s types.ServiceConfig) object {
	exposed := object{}
	for _, port := range s.Ports {
		exposed[fmt.Sprintf("%d/%s", port.Target, port.Protocol)] = object{}
	}
	var env []string
	for _, name := range sorted(s.Environment) {
		env = append(env, name+"=") // values are not judged
	}
	body := object{
		"Hostname": s.Hostname, "Domainname": s.DomainName, "User": s.User, "ExposedPorts": exposed, "Tty": s.Tty, "OpenStdin": s.StdinOpen,
		"AttachStdout": true, "AttachStderr": true, "Cmd": []string(s.Command), "Entrypoint": []string(s.Entrypoint),
		"Image": cmp.Or(s.Image, project.Name+"-"+s.Name), "WorkingDir": s.WorkingDir, "Labels": s.Labels, "StopSignal": s.StopSignal, "Env": env,
	}
	if check := s.HealthCheck; check != nil {
		test := []string(check.Test)
		if check.Disable {
			test = []string{"NONE"}
		}
		body["Healthcheck"] = stated(object{"Test": test})
	}
	return body
}

func hostConfig(project *types.Project, s types.ServiceConfig) object {
	host := object{
		"Annotations": s.Annotations, "CapAdd": s.CapAdd, "CapDrop": s.CapDrop, "Init": s.Init, "CgroupnsMode": s.Cgroup,
		"IpcMode": shared(project, s.Ipc), "PidMode": shared(project, s.Pid), "NetworkMode": shared(project, s.NetworkMode),
		"ReadonlyRootfs": s.ReadOnly, "RestartPolicy": restart(s.Restart), "ShmSize": int64(s.ShmSize), "Sysctls": s.Sysctls,
		"VolumeDriver": s.VolumeDriver, "VolumesFrom": volumesFrom(project, s.VolumesFrom), "Dns": []string(s.DNS), "DnsSearch": []string(s.DNSSearch),
		"DnsOptions": s.DNSOpts, "ExtraHosts": s.ExtraHosts.AsList(":"), "StorageOpt": s.StorageOpt, "UsernsMode": s.UserNSMode, "UTSMode": s.Uts,
		"Privileged": s.Privileged, "Tmpfs": tmpfs(s), "Isolation": s.Isolation, "Runtime": s.Runtime, "GroupAdd": s.GroupAdd,
		"OomScoreAdj": s.OomScoreAdj, "CgroupParent": s.CgroupParent, "Memory": int64(s.MemLimit), "MemorySwap": int64(s.MemSwapLimit),
		"MemoryReservation": int64(s.MemReservation), "OomKillDisable": s.OomKillDisable, "CpuPeriod": s.CPUPeriod, "CpuQuota": s.CPUQuota,
		"CpuRealtimePeriod": s.CPURTPeriod, "CpuRealtimeRuntime": s.CPURTRuntime, "CpuShares": s.CPUShares, "NanoCpus": int64(s.CPUS * 1e9),
		"CpusetCpus": s.CPUSet, "PidsLimit": s.PidsLimit, "DeviceCgroupRules": s.DeviceCgroupRules, "Ulimits": ulimits(s),
	}
	if s.Logging != nil {
		host["LogConfig"] = stated(object{"Type": s.Logging.Driver, "Config": s.Logging.Options})
	}
	addBlkio(s.BlkioConfig, host)
	return host
}

// shared is a namespace, that of another service as that of its container.
func shared(project *types.Project, mode string) string {
	if service, ok := strings.CutPrefix(mode, types.NetworkModeServicePrefix); ok {
		return types.ContainerPrefix + containerName(project, service)
	}
	return mode
}

func volumesFrom(project *types.Project, specs []string) []string {
	var list []string
	for _, spec := range specs {
		if container, ok := strings.CutPrefix(spec, "container:"); ok {
			list = append(list, container)
			continue
		}
		service, mode, moded := strings.Cut(spec, ":")
		name := containerName(project, service)
		if moded {
			name += ":" + mode
		}
		list = append(list, name)
	}
	return list
}

func restart(policy string) object {
	name, attempts, _ := strings.Cut(policy, ":")
	n, _ := strconv.Atoi(attempts) // as compose reads it
	return stated(object{"Name": name, "MaximumRetryCount": n})
}

func ulimits(s types.ServiceConfig) []object {
	var list []object
	for _, name := range sorted(s.Ulimits) {
		limit := s.Ulimits[name]
		list = append(list, object{"Name": name, "Soft": cmp.Or(limit.Soft, limit.Single), "Hard": cmp.Or(limit.Hard, limit.Single)})
	}
	return list
}

// addNetworks attaches the container to its networks.
func addNetworks(project *types.Project, s types.ServiceConfig, body, host object, k keys) {
	if s.NetworkMode != "" {
		return
	}
	names := s.NetworksByPriority()
	if len(names) == 0 {
		host["NetworkMode"] = "none"
		return
	}
	endpoints := object{}
	for _, key := range names {
		name := project.Networks[key].Name
		endpoint := object{"Aliases": []string{containerName(project, s.Name), s.Name}}
		if c := s.Networks[key]; c != nil {
			endpoint = stated(object{"Aliases": slices.Concat([]string{containerName(project, s.Name), s.Name}, c.Aliases),
				"DriverOpts": c.DriverOpts, "MacAddress": c.MacAddress, "GwPriority": c.GatewayPriority,
				"IPAMConfig": stated(object{"IPv4Address": c.Ipv4Address, "IPv6Address": c.Ipv6Address, "LinkLocalIPs": c.LinkLocalIPs})})
		}
		endpoints[name] = endpoint
		k.own[fmt.Sprintf("NetworkingConfig.EndpointsConfig[%q]", name)] = place.Path{"networks", key}
	}
	host["NetworkMode"] = project.Networks[names[0]].Name
	k.own["HostConfig.NetworkMode"] = place.Path{"networks", names[0]}
	body["NetworkingConfig"] = object{"EndpointsConfig": endpoints}
}

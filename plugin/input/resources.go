package input

import (
	"path"

	"github.com/moby/moby/api/types/blkiodev"
	"github.com/moby/moby/api/types/container"
)

// fromResources fills what a create request and an update request share;
// prefix stands before each field's name.
func (c *Container) fromResources(r *container.Resources, prefix string) {
	c.CgroupParent = Text{Value: r.CgroupParent, Field: prefix + "CgroupParent"}
	c.Devices = parseDevices(r.Devices, prefix+"Devices")
	c.DeviceRules = texts(r.DeviceCgroupRules, prefix+"DeviceCgroupRules")
	c.DeviceReqs = parseDeviceRequests(r.DeviceRequests, prefix+"DeviceRequests")
	c.BlkioDevices = blkioDevices(r, prefix)
	c.Resources = Resources{
		Field:           prefix,
		Memory:          stated(r.Memory),
		MemorySwap:      stated(r.MemorySwap),
		NanoCPUs:        stated(r.NanoCPUs),
		CPUQuota:        stated(r.CPUQuota),
		CPUShares:       stated(r.CPUShares),
		CPURealtime:     stated(r.CPURealtimeRuntime),
		PidsLimit:       r.PidsLimit,
		OomKillDisabled: Flag{Value: r.OomKillDisable != nil && *r.OomKillDisable, Field: prefix + "OomKillDisable"},
		Ulimits:         parseUlimits(r.Ulimits, prefix+"Ulimits"),
	}
}

// stated is null for the zero that clients send when nothing was asked for.
func stated(n int64) *int64 {
	if n == 0 {
		return nil
	}
	return &n
}

func parseDevices(devices []container.DeviceMapping, field string) []Device {
	list := make([]Device, 0, len(devices))
	for i, d := range devices {
		list = append(list, Device{Host: path.Clean(d.PathOnHost), Container: d.PathInContainer,
			Permissions: d.CgroupPermissions, Field: element(field, i)})
	}
	return list
}

func parseDeviceRequests(requests []container.DeviceRequest, field string) []DeviceRequest {
	list := make([]DeviceRequest, 0, len(requests))
	for i, r := range requests {
		at := element(field, i)
		request := DeviceRequest{Driver: r.Driver, Count: r.Count, Field: at, IDs: []string{},
			Capabilities: [][]string{}, Options: options(r.Options, at+".Options")}
		request.IDs = append(request.IDs, r.DeviceIDs...)
		for _, set := range r.Capabilities {
			request.Capabilities = append(request.Capabilities, append([]string{}, set...))
		}
		list = append(list, request)
	}
	return list
}

// blkioDevices lists the host paths that the daemon would stat for limits.
func blkioDevices(r *container.Resources, prefix string) []Text {
	list := []Text{}
	add := func(name string, i int, p string) {
		list = append(list, Text{Value: p, Field: element(prefix+name, i) + ".Path"})
	}
	for i, d := range r.BlkioWeightDevice {
		if d != nil {
			add("BlkioWeightDevice", i, d.Path)
		}
	}
	for _, throttle := range []struct {
		name    string
		devices []*blkiodev.ThrottleDevice
	}{
		{"BlkioDeviceReadBps", r.BlkioDeviceReadBps},
		{"BlkioDeviceWriteBps", r.BlkioDeviceWriteBps},
		{"BlkioDeviceReadIOps", r.BlkioDeviceReadIOps},
		{"BlkioDeviceWriteIOps", r.BlkioDeviceWriteIOps},
	} {
		for i, d := range throttle.devices {
			if d != nil {
				add(throttle.name, i, d.Path)
			}
		}
	}
	return list
}

func parseUlimits(limits []*container.Ulimit, field string) []Ulimit {
	list := make([]Ulimit, 0, len(limits))
	for i, l := range limits {
		if l != nil {
			list = append(list, Ulimit{Name: l.Name, Soft: l.Soft, Hard: l.Hard, Field: element(field, i)})
		}
	}
	return list
}

package compose

import (
	"reflect"

	"github.com/compose-spec/compose-go/v2/types"
)

// object is JSON as the engine's API has it.
type object = map[string]any

// stated leaves out what says nothing.
func stated(o object) object {
	for name, value := range o {
		v := reflect.ValueOf(value)
		empty := !v.IsValid() || v.IsZero()
		if !empty && (v.Kind() == reflect.Map || v.Kind() == reflect.Slice) {
			empty = v.Len() == 0
		}
		if empty {
			delete(o, name)
		}
	}
	return o
}

func networkRequest(key string, n types.NetworkConfig, files []file) Request {
	var pools []object
	for _, pool := range n.Ipam.Config {
		pools = append(pools, stated(object{"Subnet": pool.Subnet, "IPRange": pool.IPRange, "Gateway": pool.Gateway,
			"AuxiliaryAddresses": pool.AuxiliaryAddresses}))
	}
	return Request{
		Subject: "network " + key,
		Method:  "POST",
		URI:     "/networks/create",
		Body: stated(object{"Name": n.Name, "Driver": n.Driver, "Options": n.DriverOpts, "Internal": n.Internal, "Attachable": n.Attachable,
			"Labels": n.Labels, "EnableIPv4": n.EnableIPv4, "EnableIPv6": n.EnableIPv6,
			"IPAM": stated(object{"Driver": n.Ipam.Driver, "Config": pools})}),
		keys: keysOf(files, "networks", key, networkKeys),
	}
}

func volumeRequest(key string, v types.VolumeConfig, files []file) Request {
	return Request{
		Subject: "volume " + key,
		Method:  "POST",
		URI:     "/volumes/create",
		Body:    stated(object{"Name": v.Name, "Driver": v.Driver, "DriverOpts": v.DriverOpts, "Labels": v.Labels}),
		keys:    keysOf(files, "volumes", key, volumeKeys),
	}
}

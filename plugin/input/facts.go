package input

import (
	"net/netip"
	"strconv"
)

// newContainer is a container about which nothing is stated. Lists are never
// null, so that a rule can iterate over them without a guard.
func newContainer() Container {
	return Container{
		Image:        Image{},
		Groups:       []Group{},
		Capabilities: Capabilities{Add: []Text{}, Drop: []Text{}, Effective: []string{}},
		Mounts:       []Mount{},
		VolumesFrom:  []VolumesFrom{},
		Security:     newSecurity(),
		Devices:      []Device{},
		DeviceRules:  []Text{},
		DeviceReqs:   []DeviceRequest{},
		BlkioDevices: []Text{},
		Annotations:  []Option{},
		Sysctls:      []Option{},
		StorageOpts:  []Option{},
		Resources:    Resources{Ulimits: []Ulimit{}},
		Ports:        []Port{},
		ExtraHosts:   []Text{},
		DNS:          []Text{},
		Links:        []Text{},
		Log:          Log{Options: []Option{}},
		EnvNames:     []string{},
		Labels:       map[string]string{},
	}
}

// texts numbers the entries of a list of the request.
func texts(values []string, field string) []Text {
	list := make([]Text, 0, len(values))
	for i, v := range values {
		list = append(list, Text{Value: v, Field: element(field, i)})
	}
	return list
}

// options lists a map of the request by name.
func options(values map[string]string, field string) []Option {
	list := make([]Option, 0, len(values))
	for _, name := range sortedKeys(values) {
		list = append(list, Option{Name: name, Value: values[name], Field: member(field, name)})
	}
	return list
}

func addresses(list []netip.Addr) []string {
	out := make([]string, 0, len(list))
	for _, a := range list {
		out = append(out, addressText(a))
	}
	return out
}

// addressText is "" for an address that is not stated.
func addressText(a netip.Addr) string {
	if !a.IsValid() {
		return ""
	}
	return a.String()
}

func element(field string, i int) string { return field + "[" + strconv.Itoa(i) + "]" }

func member(field, name string) string { return field + "[" + strconv.Quote(clip(name)) + "]" }

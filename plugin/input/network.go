package input

import (
	"net/netip"

	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/network"
)

func describeNetworkCreate(doc *Document, body any) {
	req, ok := body.(*network.CreateRequest)
	if !ok {
		return
	}
	n := &Network{
		Name:        req.Name,
		Driver:      Text{Value: req.Driver, Field: "Driver"},
		Options:     options(req.Options, "Options"),
		IPAMDriver:  Text{Field: "IPAM.Driver"},
		IPAMOptions: []Option{},
		Subnets:     []Text{},
		Internal:    req.Internal,
		Attachable:  Flag{Value: req.Attachable, Field: "Attachable"},
		Ingress:     Flag{Value: req.Ingress, Field: "Ingress"},
		ConfigFrom:  Text{Field: "ConfigFrom.Network"},
		ConfigOnly:  Flag{Value: req.ConfigOnly, Field: "ConfigOnly"},
		Scope:       Text{Value: req.Scope, Field: "Scope"},
	}
	if req.IPAM != nil {
		n.IPAMDriver.Value = req.IPAM.Driver
		n.IPAMOptions = options(req.IPAM.Options, "IPAM.Options")
		for i, pool := range req.IPAM.Config {
			if pool.Subnet.IsValid() {
				n.Subnets = append(n.Subnets, Text{Value: pool.Subnet.Masked().String(), Field: element("IPAM.Config", i) + ".Subnet"})
			}
		}
	}
	if req.ConfigFrom != nil {
		n.ConfigFrom.Value = req.ConfigFrom.Network
	}
	doc.Network, doc.Body = n, req
}

func describeNetworkConnect(doc *Document, body any) {
	req, ok := body.(*network.ConnectRequest)
	if !ok {
		return
	}
	doc.Endpoints = []Endpoint{newEndpoint(doc.Object, req.Container, req.EndpointConfig, "EndpointConfig")}
	doc.Body = req
}

// createEndpoints lists the networks a new container is attached to: that of
// NetworkMode, and those of NetworkingConfig.
func createEndpoints(config *network.NetworkingConfig, host *container.HostConfig) []Endpoint {
	endpoints := []Endpoint{}
	mode := networkNamespace(string(host.NetworkMode), "HostConfig.NetworkMode")
	if mode.Mode == "network" {
		endpoints = append(endpoints, newEndpoint(mode.Value, "", nil, mode.Field))
	}
	if config == nil {
		return endpoints
	}
	for _, target := range sortedKeys(config.EndpointsConfig) {
		at := member("NetworkingConfig.EndpointsConfig", target)
		e := newEndpoint(target, "", config.EndpointsConfig[target], at)
		endpoints = append(endpoints, e)
		if e.Network != target { // engines from 25 on heed the id for networks that users have made only
			endpoints = append(endpoints, newEndpoint(target, "", nil, at))
		}
	}
	return endpoints
}

func newEndpoint(target, name string, settings *network.EndpointSettings, field string) Endpoint {
	e := Endpoint{Network: target, Container: name, Field: field,
		Options: []Option{}, Static: []Text{}, Aliases: []string{}, Links: []string{}}
	if settings == nil {
		return e
	}
	if settings.NetworkID != "" {
		e.Network = settings.NetworkID // counts more than the name (moby daemon/container_operations.go)
	}
	e.Options = options(settings.DriverOpts, field+".DriverOpts")
	e.Aliases = append(e.Aliases, settings.Aliases...)
	e.Links = append(e.Links, settings.Links...)
	e.MAC = settings.MacAddress.String()
	if ipam := settings.IPAMConfig; ipam != nil {
		for _, a := range append([]netip.Addr{ipam.IPv4Address, ipam.IPv6Address}, ipam.LinkLocalIPs...) {
			if a.IsValid() {
				e.Static = append(e.Static, Text{Value: a.String(), Field: field + ".IPAMConfig"})
			}
		}
	}
	return e
}

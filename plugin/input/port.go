package input

import (
	"sort"
	"strconv"
	"strings"

	"github.com/moby/moby/api/types/network"
)

// parsePorts lists the published ports. A port with no binding is published on
// a port the engine picks (engine 29).
func parsePorts(bindings network.PortMap, field string) []Port {
	ports := []Port{}
	for port, list := range bindings {
		p := Port{Container: int(port.Num()), Protocol: string(port.Proto())}
		at := member(field, port.String())
		if len(list) == 0 {
			p.Field = at
			ports = append(ports, p)
		}
		for i, binding := range list {
			p.HostIP, p.Field = addressText(binding.HostIP), element(at, i)
			p.HostFirst, p.HostLast = hostPorts(binding.HostPort)
			ports = append(ports, p)
		}
	}
	sort.Slice(ports, func(i, j int) bool { return ports[i].Field < ports[j].Field })
	return ports
}

// hostPorts reads "", "80" and "80-90" (moby daemon, go-connections
// nat.ParsePortRange).
func hostPorts(s string) (first, last int) {
	if s == "" {
		return 0, 0
	}
	from, to, ranged := strings.Cut(s, "-")
	if !ranged {
		to = from
	}
	low, err := strconv.ParseUint(from, 10, 16)
	high, err2 := strconv.ParseUint(to, 10, 16)
	if err != nil || err2 != nil || high < low {
		return -1, -1
	}
	return int(low), int(high)
}

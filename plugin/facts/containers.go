package facts

import (
	"context"

	"github.com/moby/moby/api/types/network"

	"github.com/bulwark-authz/bulwark/plugin/input"
)

// container looks a container up, and keeps the engine's answer as well.
func (g *Gatherer) container(ctx context.Context, doc *input.Document, name string, keep *containerAnswer) func() {
	answer, fact := g.askContainer(ctx, name)
	return func() {
		doc.Facts.Containers[name] = fact
		*keep = answer
	}
}

func (g *Gatherer) askContainer(ctx context.Context, name string) (containerAnswer, input.ContainerFact) {
	var answer containerAnswer
	state, reason := outcome(g.engine.inspect(ctx, "containers", name, "/json", &answer))
	if state == input.Found && (answer.Config == nil || answer.HostConfig == nil) {
		state, reason = input.Unknown, "the engine's answer has no configuration"
	}
	if state != input.Found {
		fact := unknownContainer(reason)
		fact.State = state
		return answer, fact
	}
	return answer, input.NewContainerFact(answer.ID, answer.Config, answer.HostConfig, answer.hostPaths())
}

func unknownContainer(reason string) input.ContainerFact {
	return input.ContainerFact{State: input.Unknown, Reason: reason, User: input.ParseUser("", "User"),
		HostPaths: []string{}, Capabilities: []string{}, HostNamespaces: []string{}, JoinedNamespaces: []string{}}
}

func (a containerAnswer) hostPaths() []string {
	var paths []string
	for _, m := range a.Mounts {
		if m.Type == "bind" {
			paths = append(paths, m.Source)
		}
	}
	return paths
}

// restate describes the container that is to be started as if it were created
// now. Without knowing it, there is nothing to judge: the fact says so.
// The answer has the id of the container's image, which its name may have left.
func (g *Gatherer) restate(ctx context.Context, doc *input.Document) containerAnswer {
	answer, fact := g.askContainer(ctx, doc.Object)
	doc.Facts.Containers[doc.Object] = fact
	if fact.State != input.Found {
		return answer
	}
	networks := map[string]*network.EndpointSettings{}
	for name, settings := range answer.NetworkSettings.Networks {
		networks[name] = &network.EndpointSettings{DriverOpts: settings.DriverOpts}
	}
	doc.Restate(answer.Config, answer.HostConfig, networks)
	doc.Container.Name = input.Text{Value: answer.Name, Field: "path"}
	return answer
}

// volumesFrom adds the mounts of another container to those of the request.
func (g *Gatherer) volumesFrom(ctx context.Context, doc *input.Document, from input.VolumesFrom) func() {
	answer, fact := g.askContainer(ctx, from.Container)
	var writes []func()
	for _, m := range answer.Mounts {
		if m.Type == "volume" && m.Name != "" {
			writes = append(writes, g.volume(ctx, doc, m.Name, from.Field))
		}
	}
	return func() {
		doc.Facts.Containers[from.Container] = fact
		for _, m := range answer.Mounts {
			doc.Container.Mounts = append(doc.Container.Mounts, m.mount(from))
		}
		for _, write := range writes {
			write()
		}
	}
}

func (m mountAnswer) mount(from input.VolumesFrom) input.Mount {
	source := m.Source
	if m.Type == "volume" {
		source = m.Name
	}
	return input.Mount{Type: m.Type, Source: source, Target: m.Destination, Propagation: m.Propagation,
		ReadOnly: !m.RW || from.Mode == "ro", Options: []string{}, Field: from.Field}
}

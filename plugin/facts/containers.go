package facts

import (
	"context"
	"errors"
	"path"
	"slices"

	"github.com/moby/moby/api/types/network"

	"github.com/bulwark-authz/bulwark/plugin/input"
)

// container looks a container up, with the powers of all that its name may lead
// to, and keeps the engine's answer as well.
func (g *Gatherer) container(ctx context.Context, doc *input.Document, name string, keep *containerAnswer) func() {
	answer, fact := g.askContainer(ctx, name)
	if fact.State == input.Found {
		if err := errors.Join(g.addVolumePaths(ctx, answer, &fact), g.addNamesakes(ctx, name, &fact)); err != nil {
			fact = unknownContainer(err.Error())
		}
	}
	return func() {
		doc.Facts.Containers[name] = fact
		*keep = answer
	}
}

// addVolumePaths adds the host paths that a container's volumes are in truth.
func (g *Gatherer) addVolumePaths(ctx context.Context, answer containerAnswer, fact *input.ContainerFact) error {
	var volumes []string
	for _, m := range answer.Mounts {
		if m.Type == "volume" && m.Driver == "local" {
			volumes = append(volumes, m.Name)
		}
	}
	names, rest := few(volumes)
	if len(rest) > 0 {
		return errors.New("it has too many volumes to look at each")
	}
	var round questions
	failed := make([]error, len(names))
	for i, name := range names {
		round.add(func() func() {
			volume, known := g.askVolume(ctx, name)
			return func() {
				if known.State == input.Unknown {
					failed[i] = errors.New(known.Reason)
				}
				fact.HostPaths = append(fact.HostPaths, input.VolumePaths(volume.Options)...)
			}
		})
	}
	round.ask()
	return errors.Join(failed...)
}

func (g *Gatherer) askContainer(ctx context.Context, name string) (containerAnswer, input.ContainerFact) {
	var answer containerAnswer
	err := g.engine.inspect(ctx, "containers", name, "/json", &answer)
	state, reason := outcome(err)
	switch {
	case errors.Is(err, errNotTaken): // it will be the name of one as soon as the others are gone
		state, reason = input.Unknown, err.Error()
	case state == input.Found && (answer.Config == nil || answer.HostConfig == nil):
		state, reason = input.Unknown, "the engine's answer has no configuration"
	}
	if state != input.Found {
		fact := unknownContainer(reason)
		fact.State = state
		return answer, fact
	}
	return answer, input.NewContainerFact(answer.ID, answer.Name, answer.Config, answer.HostConfig, answer.hostPaths())
}

func unknownContainer(reason string) input.ContainerFact {
	return input.ContainerFact{State: input.Unknown, Reason: reason, User: input.ParseUser("", "User"),
		HostPaths: []string{}, Capabilities: []string{}, Devices: []string{}, HostNamespaces: []string{}, JoinedNamespaces: []string{}, Labels: map[string]string{}}
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
	answer, fact := g.askOnly(ctx, doc.Object)
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
	answer.addTakenOver(doc.Container)
	return answer
}

// addTakenOver adds the mounts that were taken over from another container at
// creation. They stay, whoever has its name by now: the engine does not read
// VolumesFrom again.
func (a containerAnswer) addTakenOver(c *input.Container) {
	from := input.VolumesFrom{Field: "HostConfig.VolumesFrom"}
	if len(c.VolumesFrom) == 0 { // the volume of an image then, which was given a name
		from.Field = "Mounts"
	}
	for _, m := range a.Mounts {
		if (m.Type == "bind" || m.Type == "volume") && !m.statedIn(c.Mounts) {
			c.Mounts = append(c.Mounts, m.mount(from))
		}
	}
	c.VolumesFrom = []input.VolumesFrom{}
}

// volumesFrom adds the mounts of another container to those of the request.
func (g *Gatherer) volumesFrom(ctx context.Context, doc *input.Document, from input.VolumesFrom) func() {
	answer, fact := g.askOnly(ctx, from.Container)
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

// statedIn reports whether a mount is one of those that a container's
// configuration states.
func (m mountAnswer) statedIn(stated []input.Mount) bool {
	source := m.Source
	if m.Type == "volume" {
		source = m.Name
	}
	return slices.ContainsFunc(stated, func(s input.Mount) bool {
		return s.Type == m.Type && s.Source == source && s.Target == path.Clean(m.Destination)
	})
}

func (m mountAnswer) mount(from input.VolumesFrom) input.Mount {
	source := m.Source
	if m.Type == "volume" {
		source = m.Name
	}
	return input.Mount{Type: m.Type, Source: source, Target: m.Destination, Propagation: m.Propagation,
		ReadOnly: !m.RW || from.Mode == "ro", Options: []string{}, Field: from.Field}
}

package facts

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/network"

	"github.com/bulwark-authz/bulwark/plugin/input"
)

// The parts of the engine's answers that are of use. Types of their own, as
// the API's are stricter than what older engines answer.
type (
	imageAnswer struct {
		ID          string `json:"Id"`
		RepoTags    []string
		RepoDigests []string
		Config      *struct{ User string }
	}
	containerAnswer struct {
		ID              string `json:"Id"`
		Name            string
		Image           string
		Config          *container.Config
		HostConfig      *container.HostConfig
		NetworkSettings struct {
			Networks map[string]struct{ DriverOpts map[string]string }
		}
		Mounts []mountAnswer
	}
	mountAnswer struct {
		Type, Name, Source, Destination, Driver, Propagation string
		RW                                                   bool
	}
	volumeAnswer struct {
		Name, Driver    string
		Options, Labels map[string]string
	}
	networkAnswer struct{ Name, Driver string }
)

// outcome reads an error as a state, and why it is unknown.
func outcome(err error) (input.State, string) {
	switch {
	case err == nil:
		return input.Found, ""
	case errors.Is(err, ErrNotFound):
		return input.Missing, ""
	default:
		return input.Unknown, err.Error()
	}
}

// image looks an image up by id, or by its name when id is empty.
func (g *Gatherer) image(ctx context.Context, doc *input.Document, name, id string) func() {
	var answer imageAnswer
	var fact input.ImageFact
	fact.State, fact.Reason = outcome(g.engine.inspect(ctx, "images", cmp.Or(id, name), "/json", &answer))
	fact.ID = answer.ID
	fact.Origins, fact.Pulled = names(answer.RepoDigests), true
	if len(fact.Origins) == 0 {
		fact.Origins, fact.Pulled = names(answer.RepoTags), false
	}
	user := ""
	if answer.Config != nil {
		user = answer.Config.User
	}
	fact.User = input.ParseUser(user, "User")
	return func() { doc.Facts.Images[name] = fact }
}

// names are the names in a list of references, each once.
func names(references []string) []string {
	list := make([]string, 0, len(references))
	for _, reference := range references {
		if name := input.ParseImageName(reference); name != "" {
			list = append(list, name)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

func (g *Gatherer) container(ctx context.Context, doc *input.Document, name string) func() {
	_, fact := g.askContainer(ctx, name)
	return func() { doc.Facts.Containers[name] = fact }
}

func (g *Gatherer) askContainer(ctx context.Context, name string) (containerAnswer, input.ContainerFact) {
	var answer containerAnswer
	state, reason := outcome(g.engine.inspect(ctx, "containers", name, "/json", &answer))
	if state == input.Found && (answer.Config == nil || answer.HostConfig == nil) {
		state, reason = input.Unknown, "the engine's answer has no configuration"
	}
	if state != input.Found {
		return answer, input.ContainerFact{State: state, Reason: reason, User: input.ParseUser("", "User"),
			HostPaths: []string{}, Capabilities: []string{}, HostNamespaces: []string{}}
	}
	return answer, input.NewContainerFact(answer.ID, answer.Config, answer.HostConfig, answer.hostPaths())
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
// It returns the id of the container's image, which its name may have left.
func (g *Gatherer) restate(ctx context.Context, doc *input.Document) (imageID string) {
	answer, fact := g.askContainer(ctx, doc.Object)
	doc.Facts.Containers[doc.Object] = fact
	if fact.State != input.Found {
		return ""
	}
	networks := map[string]*network.EndpointSettings{}
	for name, settings := range answer.NetworkSettings.Networks {
		networks[name] = &network.EndpointSettings{DriverOpts: settings.DriverOpts}
	}
	doc.Restate(answer.Config, g.host.withoutDefaults(answer.HostConfig), networks)
	doc.Container.Name = input.Text{Value: answer.Name, Field: "path"}
	return answer.Image
}

// volume adds a volume's own options to those that the request states.
func (g *Gatherer) volume(ctx context.Context, doc *input.Document, name, field string) func() {
	var answer volumeAnswer
	var fact input.VolumeFact
	fact.State, fact.Reason = outcome(g.engine.inspect(ctx, "volumes", name, "", &answer))
	fact.Driver = answer.Driver
	return func() {
		doc.Facts.Volumes[name] = fact
		if fact.State == input.Found {
			doc.AddVolume(name, answer.Driver, answer.Options, answer.Labels, field)
		}
	}
}

func (g *Gatherer) network(ctx context.Context, doc *input.Document, name string) func() {
	var answer networkAnswer
	var fact input.NetworkFact
	fact.State, fact.Reason = outcome(g.engine.inspect(ctx, "networks", name, "", &answer))
	fact.Name, fact.Driver = answer.Name, answer.Driver
	return func() { doc.Facts.Networks[name] = fact }
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

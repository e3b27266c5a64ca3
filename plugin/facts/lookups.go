package facts

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"regexp"
	"slices"

	"github.com/moby/moby/api/types/container"

	"github.com/bulwark-authz/bulwark/plugin/input"
)

// The parts of the engine's answers that are of use. Types of their own, as
// the API's are stricter than what older engines answer.
type (
	imageAnswer struct {
		ID          string `json:"Id"`
		RepoTags    []string
		RepoDigests []string
		Config      *struct {
			User   string
			Labels map[string]string
		}
		// Descriptor is there when containerd stores the images.
		Descriptor *struct{}
		Identity   struct{ Pull []struct{ Repository string } }
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
	pluginAnswer  struct {
		ID     string `json:"Id"`
		Config struct {
			Interface struct{ Types []string }
		}
	}
	nodeAnswer struct {
		Spec struct{ Role string }
	}
)

// portOf is the port of the registry in a name, with the "/" behind it.
var portOf = regexp.MustCompile(`:[0-9]+/`)

// outcome reads an error as a state, and why it is unknown.
func outcome(err error) (input.State, string) {
	switch {
	case err == nil:
		return input.Found, ""
	case errors.Is(err, errNotFound), errors.Is(err, errNotTaken):
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
	fact.Origins, fact.Pulled = answer.origins()
	user := ""
	fact.Labels = map[string]string{}
	if answer.Config != nil {
		user = answer.Config.User
		maps.Copy(fact.Labels, answer.Config.Labels)
	}
	fact.User = input.ParseUser(user, "User")
	return func() { doc.Facts.Images[name] = fact }
}

// origins are where an image was pulled from, or else the names it has here.
// The engine's own store keeps a digest for each repository that it pulled
// from; containerd's makes one up for each name that the image has, and keeps
// the repositories as its identity (since API 1.53).
func (a imageAnswer) origins() (list []string, pulled bool) {
	digests := a.RepoDigests
	if a.Descriptor != nil {
		digests = a.identity()
	}
	if list = names(digests); len(list) > 0 {
		return list, true
	}
	return names(a.RepoTags), false
}

// identity are the repositories that containerd's store knows. It leaves out a
// registry's port, which is that of a name that is the same but for the port.
func (a imageAnswer) identity() []string {
	var list []string
	for _, pull := range a.Identity.Pull {
		same := slices.DeleteFunc(names(a.RepoTags), func(name string) bool { return portOf.ReplaceAllString(name, "/") != pull.Repository })
		if len(same) == 0 {
			same = []string{pull.Repository}
		}
		list = append(list, same...)
	}
	return list
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

// volume adds a volume's own options to those that the request states.
func (g *Gatherer) volume(ctx context.Context, doc *input.Document, name, field string) func() {
	answer, fact := g.askVolume(ctx, name)
	return func() {
		doc.Facts.Volumes[name] = fact
		if fact.State == input.Found {
			doc.AddVolume(name, answer.Driver, answer.Options, answer.Labels, field)
		}
	}
}

func (g *Gatherer) askVolume(ctx context.Context, name string) (answer volumeAnswer, fact input.VolumeFact) {
	fact.State, fact.Reason = outcome(g.engine.inspect(ctx, "volumes", name, "", &answer))
	fact.Driver = answer.Driver
	return answer, fact
}

func (g *Gatherer) network(ctx context.Context, doc *input.Document, name string) func() {
	var answer networkAnswer
	var fact input.NetworkFact
	fact.State, fact.Reason = outcome(g.engine.inspect(ctx, "networks", name, "", &answer))
	fact.Name, fact.Driver = answer.Name, answer.Driver
	return func() { doc.Facts.Networks[name] = fact }
}

func (g *Gatherer) node(ctx context.Context, doc *input.Document, name string) func() {
	var answer nodeAnswer
	var fact input.NodeFact
	fact.State, fact.Reason = outcome(g.engine.inspect(ctx, "nodes", name, "", &answer))
	fact.Role = answer.Spec.Role
	return func() { doc.Facts.Nodes[name] = fact }
}

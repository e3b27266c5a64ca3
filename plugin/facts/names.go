package facts

import (
	"slices"

	"github.com/bulwark-authz/bulwark/plugin/input"
)

// mostNames bounds what one request can make Bulwark ask; what is beyond is
// unknown.
const mostNames = 32

const tooMany = "the request names too many at once"

// imageNames are the images that a rule wants to know more of: the one a
// container runs, and every one that may be given by its id.
func imageNames(doc *input.Document) []string {
	var names []string
	for _, image := range doc.Images {
		if image.Use == "run" || image.Use == "mount" {
			names = append(names, image.Value)
		}
	}
	return names
}

// imageIDFor is the id to look an image up by: that of a stored container's own
// image, "" for others.
func imageIDFor(doc *input.Document, name, id string) string {
	if doc.Container != nil && doc.Container.Image.Value == name {
		return id
	}
	return ""
}

// volumeFields are the volumes that a container mounts by name, and where.
func volumeFields(doc *input.Document) map[string]string {
	names := map[string]string{}
	if doc.Container == nil {
		return names
	}
	for _, mount := range doc.Container.Mounts {
		if mount.Type == "volume" && mount.Source != "" {
			names[mount.Source] = mount.Field
		}
	}
	return names
}

// builtinNetworks are there in every engine and are judged by their names.
var builtinNetworks = []string{"", "default", "bridge", "none", "host"}

func networkNames(doc *input.Document) []string {
	var names []string
	for _, endpoint := range doc.Endpoints {
		if !slices.Contains(builtinNetworks, endpoint.Network) {
			names = append(names, endpoint.Network)
		}
	}
	return names
}

// joinedContainers are the containers whose namespaces a container shares.
func joinedContainers(doc *input.Document) []string {
	if doc.Container == nil {
		return nil
	}
	return doc.Container.JoinedContainers()
}

// few splits names, once each and not empty, into those to ask about and those
// that are too many.
func few(names []string) (ask, rest []string) {
	slices.Sort(names)
	names = slices.DeleteFunc(slices.Compact(names), func(name string) bool { return name == "" })
	n := min(len(names), mostNames)
	return names[:n], names[n:]
}

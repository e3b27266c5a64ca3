package input

import (
	"regexp"
	"strings"

	"github.com/distribution/reference"
	"github.com/opencontainers/go-digest"
)

// localID is what an engine may take for an image id or a prefix of one:
// engine 20.10 takes any length (moby v20.10.24 daemon/images/image.go).
var localID = regexp.MustCompile(`^(sha256:)?[0-9a-f]{1,64}$`)

// parseImage reads an image reference as the engine does.
func parseImage(use, value, field string) Image {
	img := Image{Use: use, Value: value, Field: field, ID: localID.MatchString(value)}
	named, err := reference.ParseNormalizedNamed(value)
	if err != nil {
		return img
	}
	img.Valid = true
	img.Registry, img.Repository, img.Name = reference.Domain(named), reference.Path(named), named.Name()
	if tagged, ok := named.(reference.Tagged); ok {
		img.Tag = tagged.Tag()
	}
	if digested, ok := named.(reference.Digested); ok {
		img.Digest = digested.Digest().String()
	}
	return img
}

// withTag joins a name and a tag parameter, which may be a digest (moby
// daemon/server/router/image/image_routes.go, postImagesCreate). A trailing
// ":" on the name is dropped there.
func withTag(name, tag string) string {
	name = strings.TrimSuffix(name, ":")
	if name == "" || tag == "" {
		return name
	}
	if _, err := digest.Parse(tag); err == nil {
		return name + "@" + tag
	}
	return trimTag(name) + ":" + tag
}

// trimTag drops a tag that a tag parameter replaces.
func trimTag(name string) string {
	if colon := strings.LastIndexByte(name, ':'); colon > strings.LastIndexByte(name, '/') {
		return name[:colon]
	}
	return name
}

func describeImageCreate(doc *Document, _ any) {
	if from := doc.parameter("fromImage"); from.Value != "" {
		doc.Images = []Image{parseImage("pull", withTag(from.Value, doc.parameter("tag").Value), from.Field)}
		return
	}
	doc.Images = []Image{doc.target("import")}
}

// target is the name that an operation writes, from repo and tag.
func (d *Document) target(use string) Image {
	repo := d.parameter("repo")
	return parseName(use, withTag(repo.Value, d.parameter("tag").Value), repo.Field)
}

// parseName reads a name that is to be written. With the tag that stands for
// none it is what the engine finds before an id of the same letters.
func parseName(use, value, field string) Image {
	img := parseImage(use, value, field)
	bare := img.Valid && img.Digest == "" && (img.Tag == "" || img.Tag == "latest") && img.Registry == "docker.io"
	img.ID = img.ID || bare && localID.MatchString(strings.TrimPrefix(img.Repository, "library/"))
	return img
}

func describeTag(doc *Document, _ any) {
	doc.Images = []Image{parseImage("tag_source", doc.Object, "path"), doc.target("tag")}
}

func describePush(doc *Document, _ any) {
	doc.Images = []Image{parseImage("push", withTag(doc.Object, doc.parameter("tag").Value), "path")}
}

func describeImageDelete(doc *Document, _ any) {
	doc.Images = []Image{parseImage("remove", doc.Object, "path")}
}

// describeLoad says that any name may be written: the archive is not shown.
func describeLoad(doc *Document, _ any) {
	doc.Images = []Image{{Use: "load", Field: "the archive"}}
}

// describeDistribution names the registry that the daemon would contact.
func describeDistribution(doc *Document, _ any) {
	img := parseImage("inspect", doc.Object, "path")
	doc.Images = []Image{img}
	doc.Registry = &Registry{Host: Text{Value: img.Registry, Field: "path"}}
}

// describeSearch names the registry of a search term: the part before the
// first "/" when it looks like a host, as in an image name.
func describeSearch(doc *Document, _ any) {
	term := doc.parameter("term")
	host, _, found := strings.Cut(term.Value, "/")
	if !found || host != "localhost" && !strings.ContainsAny(host, ".:") {
		host = "docker.io"
	}
	doc.Registry = &Registry{Host: Text{Value: host, Field: term.Field}}
}

// describeAuth cannot name the registry: dockerd hides the body of a login.
func describeAuth(doc *Document, _ any) {
	doc.Registry = &Registry{Host: Text{Field: "the body"}}
}

// mountedImages are the images of image mounts (API 1.48 and later).
func mountedImages(mounts []Mount) []Image {
	var images []Image
	for _, m := range mounts {
		if m.Type == "image" {
			images = append(images, parseImage("mount", m.Source, m.Field+".Source"))
		}
	}
	return images
}

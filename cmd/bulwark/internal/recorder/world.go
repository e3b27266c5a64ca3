package recorder

import (
	"cmp"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/distribution/reference"

	"github.com/bulwark-authz/bulwark/plugin/input"
)

// world is what would be there if everything had been done that was asked for,
// beside what the host's own engine has.
type world struct {
	mu         sync.Mutex
	containers []*container
	objects    map[string][]object // by kind, as in a path: networks, volumes, services, secrets, configs
	images     map[string]string   // that were pulled or built, with their ids
	execs      map[string]string   // process id -> container id
	gone       map[gone]bool       // what was removed
	events     []object
	changed    chan struct{} // closed at the next change
}

func newWorld() *world {
	return &world{objects: map[string][]object{}, images: map[string]string{}, execs: map[string]string{}, gone: map[gone]bool{}, changed: make(chan struct{})}
}

func newID() string {
	var id [32]byte
	_, _ = rand.Read(id[:]) // never fails
	return hex.EncodeToString(id[:])
}

// imageName is a reference in full, with a tag or a digest.
func imageName(name string) string {
	if ref, err := reference.ParseDockerRef(name); err == nil {
		return ref.String()
	}
	return name
}

// imageID is the id of an image that only the recorder has.
func imageID(name string) string {
	sum := sha256.Sum256([]byte(imageName(name)))
	return "sha256:" + hex.EncodeToString(sum[:])
}

// pull makes an image known.
func (w *world) pull(name string) { w.pullAs(name, imageID(name)) }

func (w *world) pullAs(name, id string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.images[imageName(name)] = id
}

func (w *world) imageNames() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Sorted(maps.Keys(w.images))
}

// image is what docker image inspect shows of an image that was pulled. What
// is in it nobody knows, so that its user is root.
func (w *world) image(name string) object {
	w.mu.Lock()
	defer w.mu.Unlock()
	for known, id := range w.images {
		if known == imageName(name) || id == name {
			ref, err := reference.ParseDockerRef(known)
			if err != nil {
				continue
			}
			return object{"Id": id, "RepoTags": []string{reference.FamiliarString(ref)},
				"RepoDigests": []string{reference.TrimNamed(ref).Name() + "@" + id}, "Created": "1970-01-01T00:00:00Z",
				"Config": object{"User": "", "Env": []string{}, "Cmd": []string{}}, "Os": "linux", "Architecture": "amd64",
				"ContainerConfig": object{}, "RootFS": object{"Type": "layers"}, "Size": 0, "GraphDriver": object{"Name": "overlay2", "Data": nil}, "Metadata": object{}}
		}
	}
	return nil
}

// add makes a container known.
func (w *world) add(c *container) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.containers = append(w.containers, c)
	w.happened(c.event("create"))
}

// hold makes a container known that docker inspect has shown.
func (w *world) hold(inspected object) string {
	id, _ := inspected["Id"].(string)
	name, _ := inspected["Name"].(string)
	status, _ := member(inspected, "State")["Status"].(string)
	if id == "" {
		id = newID()
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.containers = append(w.containers, &container{id: id, name: strings.TrimPrefix(name, "/"), inspected: inspected, status: status})
	return id
}

// happened must be called with the lock held.
func (w *world) happened(event object) {
	w.events = append(w.events, event)
	close(w.changed)
	w.changed = make(chan struct{})
}

// find returns a container by its name, its id or the beginning of it. It must
// be called with the lock held.
func (w *world) find(name string) *container {
	name = strings.TrimPrefix(name, "/")
	if name == "" {
		return nil
	}
	for _, match := range []func(*container) bool{
		func(c *container) bool { return c.id == name },
		func(c *container) bool { return c.name == name },
		func(c *container) bool { return strings.HasPrefix(c.id, name) },
	} {
		if i := slices.IndexFunc(w.containers, match); i >= 0 {
			return w.containers[i]
		}
	}
	return nil
}

// change does something to a container, if it is known.
func (w *world) change(name string, do func(*container)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if c := w.find(name); c != nil {
		do(c)
	}
}

// refuse remembers that no engine would have made a container.
func (w *world) refuse(id any) {
	name, _ := id.(string)
	w.change(name, func(c *container) { c.refused = true })
}

func (w *world) isRefused(name string) (refused bool) {
	w.change(name, func(c *container) { refused = c.refused })
	return refused
}

// containerOf is the container of a process, or what it was asked for.
func (w *world) containerOf(id string) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return cmp.Or(w.execs[id], id)
}

// inspect is what docker inspect shows of a container, nil when it is not
// known.
func (w *world) inspect(name string) (shown object) {
	w.change(name, func(c *container) { shown = c.inspect() })
	return shown
}

// made remembers an object.
func (w *world) made(kind string, o object) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.objects[kind] = append(w.objects[kind], o)
}

// object returns the object of a kind that has a name or an id.
func (w *world) object(kind, name string) object {
	w.mu.Lock()
	defer w.mu.Unlock()
	if i := slices.IndexFunc(w.objects[kind], called(name)); i >= 0 {
		return w.objects[kind][i]
	}
	return nil
}

func called(name string) func(object) bool {
	return func(o object) bool { return o["Name"] == name || o["Id"] == name }
}

// gone is something that was removed, by its name or its id.
type gone struct{ kind, name string }

// kindOf is the kind of object that a request is about, as in its path.
func kindOf(doc input.Document) string {
	kind, _, _ := strings.Cut(strings.TrimPrefix(doc.Path, "/"), "/")
	return kind
}

// remove forgets an object and hides the engine's own of that name.
func (w *world) remove(kind, name string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.gone[gone{kind, name}] = true
	w.objects[kind] = slices.DeleteFunc(w.objects[kind], called(name))
	if c := w.find(name); c != nil && kind == "containers" {
		w.gone[gone{kind, c.id}], w.gone[gone{kind, c.name}] = true, true
		w.containers = slices.DeleteFunc(w.containers, func(o *container) bool { return o == c })
		w.happened(c.event("destroy"))
	}
}

func (w *world) isGone(kind, name string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.gone[gone{kind, name}]
}

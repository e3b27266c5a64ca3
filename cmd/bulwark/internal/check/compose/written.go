package compose

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/compose-spec/compose-go/v2/format"
	"github.com/compose-spec/compose-go/v2/types"

	"github.com/bulwark-authz/bulwark/cmd/bulwark/internal/check/place"
)

// written is a file's part of a service, network or volume.
type written struct {
	file
	base place.Path
}

// parts are the parts of a service, network or volume, those first whose
// values count more, and the one that it starts with.
func parts(files []file, kind, name string) (all []written, home written) {
	base := place.Path{kind, name}
	for _, f := range files {
		if _, found := f.tree.Find(base); len(found) < len(base) {
			continue
		}
		home = written{f, base}
		all = append(all, home)
		if kind == "services" {
			all = append(all, f.extendedBy(name)...)
		}
	}
	return all, home
}

// longestChain ends chains of services of which one extends itself, which
// compose refuses.
const longestChain = 50

// extendedBy are the services that a service extends, each with the next.
func (f file) extendedBy(service string) (all []written) {
	for len(all) < longestChain {
		if f, service = f.extended(service); service == "" {
			break
		}
		all = append(all, written{f, place.Path{"services", service}})
	}
	return all
}

// element is a step to an element of a list that compose may have put
// together from several, or made longer or shorter: its number in compose's
// list, how long that is if that may be another length than the file's, and
// what tells it from the others.
type element struct {
	number, of int
	is         func(place.Value) bool
}

// steps leads to an element in one part, without it if it is not there. The
// numbers are those of the file when the list is only there.
func (w written) steps(path place.Path, alone bool) place.Path {
	steps := slices.Clone(w.base)
	for _, step := range path {
		e, isElement := step.(element)
		if !isElement {
			steps = append(steps, step)
			continue
		}
		list := w.tree.Value(steps).List
		n := e.number
		if !alone || e.of > 0 && e.of != len(list) {
			n = slices.IndexFunc(list, e.is)
		}
		if n < 0 || n >= len(list) {
			return steps
		}
		steps = append(steps, n)
	}
	return steps
}

// list is the part of a path before its first element.
func list(path place.Path) place.Path {
	for i, step := range path {
		if _, isElement := step.(element); isElement {
			return path[:i]
		}
	}
	return path
}

// locate finds the part that says most of a path, and where.
func (k keys) locate(path place.Path) place.Place {
	path = slices.Concat(k.below, path)
	lists := 0
	for _, w := range k.parts {
		if steps := w.steps(list(path), false); len(w.tree.Value(steps).List) > 0 {
			lists++
		}
	}
	best, most := k.home.tree.Place(k.home.name, k.home.base), len(k.home.base)
	for _, w := range k.parts {
		steps := w.steps(path, lists == 1)
		if _, found := w.tree.Find(steps); len(found) > most {
			best, most = w.tree.Place(w.name, steps), len(found)
		}
	}
	return best
}

// text is an element of a list of texts.
func text(number int, texts []string) element {
	return element{number, len(texts), func(v place.Value) bool { return v.Text == texts[number] }}
}

// named is an element that begins with a name, or has it as its source.
func named(number, of int, name string) element {
	return element{number, of, func(v place.Value) bool {
		first, _, _ := strings.Cut(v.Text, ":")
		return first == name || v.Members["source"] == name
	}}
}

// numbered is an element that only its number tells from others.
func numbered(number int) element {
	return element{number, 0, func(place.Value) bool { return false }}
}

func mountAt(number, of int, target string) element {
	return element{number, of, func(v place.Value) bool {
		at := v.Members["target"]
		if volume, err := format.ParseVolume(v.Text); err == nil && v.Text != "" {
			at = volume.Target
		}
		return at != "" && path.Clean(at) == path.Clean(target)
	}}
}

// publishes is an element that is a port or a range with it.
func publishes(number, of int, port types.ServicePortConfig) element {
	return element{number, of, func(v place.Value) bool {
		if v.Text == "" {
			return v.Members["target"] == strconv.Itoa(int(port.Target)) && v.Members["published"] == port.Published
		}
		ports, err := types.ParsePortConfig(v.Text)
		return err == nil && slices.ContainsFunc(ports, func(p types.ServicePortConfig) bool {
			return p.Target == port.Target && p.Published == port.Published && p.Protocol == port.Protocol && p.HostIP == port.HostIP
		})
	}}
}

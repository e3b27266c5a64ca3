package recorder

import (
	"cmp"
	"net/http"
	"slices"

	"github.com/bulwark-authz/bulwark/plugin/input"
)

// list is what the engine has and what the recorder has, as far as the
// request's filters let it pass.
func (r *Recorder) list(hr *http.Request, doc input.Document) answer {
	wanted := filtersOf(doc)
	switch doc.Operation {
	case "ContainerList":
		var theirs []object
		r.get(hr.Context(), hr.URL.RequestURI(), &theirs)
		all := parameter(doc, "all")
		return answer{status: http.StatusOK, body: append(r.world.withoutKnown(kindOf(doc), theirs), r.world.summaries(wanted, all == "1" || all == "true")...)}
	case "VolumeList":
		var theirs struct{ Volumes []object }
		r.get(hr.Context(), hr.URL.RequestURI(), &theirs)
		volumes := append(r.world.withoutKnown(kindOf(doc), theirs.Volumes), r.world.some(kindOf(doc), wanted)...)
		return answer{status: http.StatusOK, body: object{"Volumes": volumes, "Warnings": []any{}}}
	default:
		var theirs []object
		r.get(hr.Context(), hr.URL.RequestURI(), &theirs)
		return answer{status: http.StatusOK, body: append(r.world.withoutKnown(kindOf(doc), theirs), r.world.some(kindOf(doc), wanted)...)}
	}
}

// withoutKnown leaves out of the engine's objects what is gone, and what the
// recorder shows itself. The result is never null.
func (w *world) withoutKnown(kind string, theirs []object) []object {
	w.mu.Lock()
	defer w.mu.Unlock()
	kept := slices.DeleteFunc(theirs, func(o object) bool {
		id, _ := cmp.Or(o["Id"], o["ID"]).(string)
		name, _ := cmp.Or(o["Name"], member(o, "Spec")["Name"]).(string)
		return w.gone[gone{kind, id}] || w.gone[gone{kind, name}] || id != "" && slices.ContainsFunc(w.containers, func(c *container) bool { return c.id == id })
	})
	return append([]object{}, kept...)
}

func (w *world) summaries(wanted filters, all bool) []object {
	w.mu.Lock()
	defer w.mu.Unlock()
	var list []object
	for _, c := range w.containers {
		if wanted.matchContainer(c, all) {
			list = append(list, c.summary())
		}
	}
	return list
}

// some are the objects of a kind that are wanted.
func (w *world) some(kind string, wanted filters) []object {
	w.mu.Lock()
	defer w.mu.Unlock()
	var list []object
	for _, o := range w.objects[kind] {
		if wanted.matchObject(o) {
			list = append(list, o)
		}
	}
	return list
}

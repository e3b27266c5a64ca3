package recorder

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/bulwark-authz/bulwark/plugin/input"
)

// filters are those of a list: for each kind, the values of which one must
// match. Labels must all match.
type filters map[string][]string

// filtersOf reads the filters of a request, as objects or, from old clients,
// as lists.
func filtersOf(doc input.Document) filters {
	text := []byte(parameter(doc, "filters"))
	lists := filters{}
	if json.Unmarshal(text, &lists) == nil {
		return lists
	}
	var sets map[string]map[string]bool
	if json.Unmarshal(text, &sets) != nil {
		return filters{}
	}
	lists = filters{}
	for kind, values := range sets {
		for value := range values {
			lists[kind] = append(lists[kind], value)
		}
	}
	return lists
}

// match reports whether an object passes by its names and labels. Filters of
// other kinds are taken to match.
func (f filters) match(names []string, labels map[string]string) bool {
	for _, wanted := range f["label"] {
		name, value, valued := strings.Cut(wanted, "=")
		if got, there := labels[name]; !there || valued && got != value {
			return false
		}
	}
	wanted := append(append([]string{}, f["name"]...), f["id"]...)
	if len(wanted) == 0 {
		return true
	}
	for _, want := range wanted {
		for _, name := range names {
			if strings.Contains(name, strings.Trim(want, "^/$")) {
				return true
			}
		}
	}
	return false
}

func (f filters) matchContainer(c *container, all bool) bool {
	if !f.match([]string{c.id, c.name}, c.labels()) {
		return false
	}
	if states := f["status"]; len(states) > 0 {
		return slices.Contains(states, c.status)
	}
	return all || c.status == running
}

func (f filters) matchObject(o object) bool {
	name, _ := o["Name"].(string)
	id, _ := o["Id"].(string)
	labels := map[string]string{}
	for key, value := range member(o, "Labels") {
		labels[key], _ = value.(string)
	}
	return f.match([]string{name, id}, labels)
}

func (f filters) matchEvent(event object) bool {
	action, _ := event["Action"].(string)
	actor := member(event, "Actor")
	id, _ := actor["ID"].(string)
	labels, _ := actor["Attributes"].(map[string]string)
	for kind, value := range map[string]string{"type": "container", "event": action} {
		if wanted := f[kind]; len(wanted) > 0 && !slices.Contains(wanted, value) {
			return false
		}
	}
	return filters{"label": f["label"], "name": f["container"]}.match([]string{id, labels["name"]}, labels)
}

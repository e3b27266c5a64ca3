package main

import (
	"encoding/json"
	"maps"
	"slices"

	"github.com/bulwark-authz/bulwark/plugin/input"
	"github.com/bulwark-authz/bulwark/policies"
)

// inputSources is where the input document is defined.
const inputSources = "plugin/input"

// inputPage is what docs/input.md shows.
type inputPage struct {
	// Types are the document itself, and then each type it is made of in the
	// order in which they first come.
	Types []inputType
	// Every are the parts that every request has.
	Every   []string
	Filled  []filled
	Command string
	Example string
}

// inputType is a struct of the input document.
type inputType struct {
	Name, Doc string
	Fields    []inputField
}

type inputField struct{ Name, Type, Doc string }

// filled is a part of the document with the operations whose requests have it.
type filled struct {
	Part       string
	Operations []string
}

// newInputPage reads the input document from its source: the comments there
// are its reference.
func newInputPage(sources string, rules []policies.Rule) (inputPage, error) {
	s, err := readSource(sources)
	if err != nil {
		return inputPage{}, err
	}
	parts, err := filledParts(rules)
	if err != nil {
		return inputPage{}, err
	}
	page := inputPage{Every: everyRequest, Filled: parts, Command: exampleCommand}
	for queue := []string{"Document"}; len(queue) > 0; queue = queue[1:] {
		if slices.ContainsFunc(page.Types, func(t inputType) bool { return t.Name == queue[0] }) {
			continue
		}
		t := s.describe(queue[0])
		page.Types = append(page.Types, t)
		queue = append(queue, s.uses[t.Name]...)
	}
	page.Example, err = exampleDocument()
	return page, err
}

// storedParts are filled by a look-up when a container is started.
var storedParts = []string{"container", "images", "volumes", "endpoints"}

// filledParts learns from the examples of all rules which operations fill what.
func filledParts(rules []policies.Rule) ([]filled, error) {
	parts := map[string]map[string]bool{}
	for _, rule := range rules {
		examples, err := rule.Examples()
		if err != nil {
			return nil, err
		}
		for _, example := range slices.Concat(examples.Deny, examples.Allow) {
			body, err := example.Request.Bytes()
			if err != nil {
				continue // a test of the rules says so
			}
			doc := input.FromRequest(input.Request{Method: example.Request.Method, URI: example.Request.URI, Headers: example.Request.Headers, Body: body})
			for part := range pruned(doc) {
				if parts[part] == nil {
					parts[part] = map[string]bool{}
				}
				parts[part][doc.Operation] = doc.Operation != ""
			}
		}
	}
	var all []filled
	for _, part := range slices.Sorted(maps.Keys(parts)) {
		operations := slices.DeleteFunc(slices.Sorted(maps.Keys(parts[part])), func(o string) bool { return o == "" })
		if slices.Contains(storedParts, part) {
			operations = append(operations, "ContainerStart", "ContainerRestart", "ContainerUnpause")
		}
		if !slices.Contains(everyRequest, part) {
			all = append(all, filled{Part: part, Operations: operations})
		}
	}
	return all, nil
}

// everyRequest are the parts that any request has.
var everyRequest = []string{"anomalies", "api_minor", "api_version", "body", "facts", "kind", "method", "object", "operation", "path", "query", "risk", "starting", "user"}

// pruned is a document without what is empty in it.
func pruned(doc input.Document) map[string]any {
	text, err := json.Marshal(doc)
	if err != nil {
		return nil
	}
	var object map[string]any
	if json.Unmarshal(text, &object) != nil {
		return nil
	}
	prune(object)
	return object
}

// prune takes out what is empty, the place of nothing too, and reports whether nothing is left.
func prune(value any) bool {
	switch value := value.(type) {
	case map[string]any:
		maps.DeleteFunc(value, func(_ string, child any) bool { return prune(child) })
		_, placed := value["field"]
		return len(value) == 0 || len(value) == 1 && placed
	case []any:
		for _, child := range value {
			prune(child)
		}
		return len(value) == 0
	case string:
		return value == ""
	case bool:
		return !value
	case float64:
		return value == 0
	}
	return value == nil
}

const exampleCommand = "docker run --name web --user 1000:1000 --label team=one -v data:/data -v /srv/web:/web:ro -p 8080:80 busybox"

// exampleDocument is the input document of exampleCommand, without what is
// empty in it.
func exampleDocument() (string, error) {
	const body = `{"Image":"busybox","User":"1000:1000","Labels":{"team":"one"},"HostConfig":{"Binds":["data:/data","/srv/web:/web:ro"],` +
		`"PortBindings":{"80/tcp":[{"HostIp":"","HostPort":"8080"}]}}}`
	doc := input.FromRequest(input.Request{User: "ann", UserMethod: "TLS", Method: "POST", URI: "/v1.41/containers/create?name=web", Body: []byte(body)})
	text, err := json.MarshalIndent(pruned(doc), "", "  ")
	return string(text), err
}

package check

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/bulwark-authz/bulwark/cmd/bulwark/internal/check/compose"
	"github.com/bulwark-authz/bulwark/cmd/bulwark/internal/check/place"
	"github.com/bulwark-authz/bulwark/plugin/input"
)

// item is one request of a file.
type item struct {
	subject string
	request input.Request
	// inspected is a container that the request is about and that the engine
	// need not have, as docker inspect shows it.
	inspected map[string]any
	// locate says where a field of the request is written.
	locate func(field string) place.Place
}

// post is a request with a JSON body.
func post(uri string, body []byte) input.Request {
	return input.Request{Method: "POST", URI: uri, Body: body,
		Headers: map[string]string{"Content-Type": "application/json", "Content-Length": fmt.Sprint(len(body))}}
}

// read finds out what a file is and lists its requests. Relative names in the
// file start in dir.
func read(ctx context.Context, name, dir string, content []byte) (Kind, []item, error) {
	switch kind := kindOf(content); kind {
	case Body:
		return kind, bodyItems(name, content), nil
	case Inspect:
		items, err := inspectItems(name, content)
		return kind, items, err
	case Compose:
		items, err := composeItems(ctx, name, dir, content)
		return kind, items, err
	default:
		if err := place.Syntax(name, content); err != nil {
			return "", nil, err
		}
		return "", nil, errors.New("it is no create body, no output of docker inspect for containers, and no compose file")
	}
}

// kindOf tells by what a file's top level has. A JSON object that is none of
// the others, or is broken, is a body: the engine would get it as one.
func kindOf(content []byte) Kind {
	text := bytes.TrimSpace(content)
	var object map[string]any
	switch {
	case bytes.HasPrefix(text, []byte("[")):
		return Inspect
	case bytes.HasPrefix(text, []byte("{")) && json.Unmarshal(text, &object) != nil:
		return Body
	case object == nil && yaml.Unmarshal(text, &object) != nil:
		return ""
	}
	has := func(name string) bool { _, ok := object[name]; return ok }
	switch {
	case has("services"), has("include"):
		return Compose
	case has("Config") && has("HostConfig"):
		return Inspect
	case bytes.HasPrefix(text, []byte("{")):
		return Body
	}
	return ""
}

// bodyItems is the creation of a container.
func bodyItems(name string, content []byte) []item {
	tree := place.Parse(content)
	return []item{{subject: "create container", request: post("/containers/create", content), locate: func(field string) place.Place {
		return tree.Place(name, place.Field(field))
	}}}
}

// inspectItems judges containers as the engine would when they are started
// again: docker inspect shows what the engine has filled in, too, and the
// judging of a start knows that.
func inspectItems(name string, content []byte) ([]item, error) {
	tree := place.Parse(content)
	var list []map[string]any
	single := json.Unmarshal(content, &list) != nil
	if single {
		list = make([]map[string]any, 1)
		if err := json.Unmarshal(content, &list[0]); err != nil {
			return nil, fmt.Errorf("reading the output of docker inspect: %w", err)
		}
	}
	var items []item
	for i, container := range list {
		_, configured := container["Config"].(map[string]any)
		if _, ok := container["HostConfig"].(map[string]any); !ok || !configured {
			return nil, fmt.Errorf("reading the output of docker inspect: object %d is not a container", i+1)
		}
		start := startOf(container, "start container")
		start.locate = func(field string) place.Place {
			path := place.Field(field)
			if len(path) > 0 && path[0] != "HostConfig" {
				path = append(place.Path{"Config"}, path...)
			}
			if !single {
				path = append(place.Path{i}, path...)
			}
			return tree.Place(name, path)
		}
		items = append(items, start)
	}
	if len(items) == 0 {
		return nil, errors.New("the output of docker inspect has no container")
	}
	return items, nil
}

// startOf is the start of a container that docker inspect shows.
func startOf(inspected map[string]any, verb string) item {
	name, _ := inspected["Name"].(string)
	return item{
		subject:   strings.TrimSpace(verb + " " + strings.TrimPrefix(name, "/")),
		inspected: inspected,
		request:   input.Request{Method: "POST", Headers: map[string]string{}},
	}
}

// Files are the files that are to be read for those that were named, each once:
// an override file belongs to what it overrides.
func Files(names []string) []string {
	var files []string
	for _, name := range names {
		if name = compose.Main(name); !slices.Contains(files, name) {
			files = append(files, name)
		}
	}
	return files
}

func composeItems(ctx context.Context, name, dir string, content []byte) ([]item, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	requests, err := compose.Load(ctx, name, dir, content)
	if errors.As(err, new(place.Fault)) {
		return nil, err
	} else if err != nil {
		return nil, fmt.Errorf("reading it as a compose file: %w", err)
	}
	var items []item
	for _, r := range requests {
		request := input.Request{Method: r.Method, URI: r.URI, Headers: map[string]string{"Content-Type": "application/x-tar"}}
		if r.Body != nil {
			body, err := json.Marshal(r.Body)
			if err != nil {
				return nil, fmt.Errorf("writing the request for %s: %w", r.Subject, err)
			}
			request = post(r.URI, body)
		}
		items = append(items, item{subject: r.Subject, request: request, locate: r.Locate})
	}
	return items, nil
}

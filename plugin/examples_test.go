package plugin

import (
	"context"
	"encoding/json"
	"slices"
	"testing"

	"github.com/bulwark-authz/bulwark/plugin/input"
	"github.com/bulwark-authz/bulwark/plugin/policy"
	"github.com/bulwark-authz/bulwark/policies"
)

// alsoFound are rules that look at a request beside the one it is an example
// of: a request that is malformed is often unknown or dangerous as well.
var alsoFound = map[string][]string{
	"self_protection":  {"plugin_installation"},
	"docker_socket":    {"host_binds", "volume_options"},
	"host_binds":       {"docker_socket"},
	"mutable_tag":      {"image_digest"},
	"linked_host_path": {"host_binds"},
}

// TestExamplesAreDecidedAsTheySay sends the examples of every rule through the
// default settings of the rule's profile: its own rule denies each deny
// example, and nothing denies an allow example.
func TestExamplesAreDecidedAsTheySay(t *testing.T) {
	rules, err := policies.Rules()
	if err != nil {
		t.Fatal(err)
	}
	decided := 0
	for _, rule := range rules {
		t.Run(rule.Name, func(t *testing.T) {
			engine, err := policy.New(policy.Settings{Profile: rule.Profile})
			if err != nil {
				t.Fatal(err)
			}
			examples, err := rule.Examples()
			if err != nil {
				t.Fatal(err)
			}
			for _, example := range examples.Deny {
				decided++
				found := rulesOf(decide(t, engine, example).Violations)
				unexpected := slices.DeleteFunc(slices.Clone(found), func(name string) bool {
					return name == rule.Name || slices.Contains(alsoFound[rule.Name], name)
				})
				if !slices.Contains(found, rule.Name) || len(unexpected) > 0 {
					t.Errorf("%s %s %s: denied by %v", example.CLI, example.Request.Method, example.Request.URI, found)
				}
			}
			for _, example := range examples.Allow {
				decided++
				if d := decide(t, engine, example); !d.Allow {
					t.Errorf("%s %s %s: denied:\n%s", example.CLI, example.Request.Method, example.Request.URI, d.Message())
				}
			}
		})
	}
	if decided < 2*len(rules) {
		t.Fatalf("%d examples for %d rules", decided, len(rules))
	}
}

func decide(t *testing.T, engine *policy.Engine, example policies.Example) policy.Decision {
	t.Helper()
	body, err := example.Request.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	doc := input.FromRequest(input.Request{
		Method: example.Request.Method, URI: example.Request.URI, Headers: example.Request.Headers, Body: body,
	})
	lookedUp, err := json.Marshal(example.Facts)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(lookedUp, &doc.Facts); err != nil {
		t.Fatalf("%s: facts: %v", example.CLI, err)
	}
	d, err := engine.Decide(context.Background(), doc)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func rulesOf(violations []policy.Violation) []string {
	var names []string
	for _, v := range violations {
		if !slices.Contains(names, v.Rule) {
			names = append(names, v.Rule)
		}
	}
	return names
}

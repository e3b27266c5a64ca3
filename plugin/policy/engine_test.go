package policy

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/bulwark-authz/bulwark/plugin/input"
	"github.com/bulwark-authz/bulwark/policies"
)

// privileged is a request that one rule of the baseline denies.
func privileged() input.Document {
	doc := harmless()
	doc.Container.Privileged = input.Flag{Value: true, Field: "HostConfig.Privileged"}
	return doc
}

// harmless is a ContainerCreate that every rule of the baseline lets pass.
func harmless() input.Document {
	return input.FromRequest(input.Request{
		Method:  "POST",
		URI:     "/v1.41/containers/create",
		Headers: map[string]string{"Content-Type": "application/json"},
		Body:    []byte(`{"Image":"busybox","User":"1000:1000","HostConfig":{"NetworkMode":"none"}}`),
	})
}

func TestDecide(t *testing.T) {
	engine := newTestEngine(t, Settings{})
	allowed := decide(t, engine, harmless())
	if !allowed.Allow || allowed.Message() != "" {
		t.Errorf("harmless request: %+v", allowed)
	}
	denied := decide(t, engine, privileged())
	if denied.Allow || len(denied.Violations) != 1 {
		t.Fatalf("privileged request: %+v", denied)
	}
	want := Violation{
		Rule:     "privileged",
		Field:    "HostConfig.Privileged",
		Msg:      "the container would have all of the host's powers (HostConfig.Privileged is true)",
		Fix:      "drop --privileged, and add with --cap-add or --device only what the container needs",
		Severity: "critical",
		Title:    "Privileged container",
	}
	if denied.Violations[0] != want {
		t.Errorf("got  %+v\nwant %+v", denied.Violations[0], want)
	}
}

func TestDecideIsSafeForConcurrentUse(t *testing.T) {
	engine := newTestEngine(t, Settings{})
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 20 {
				if d, err := engine.Decide(context.Background(), privileged()); err != nil || d.Allow {
					t.Errorf("decision %+v, error %v", d, err)
				}
			}
		})
	}
	group.Wait()
}

func TestZeroDecisionDenies(t *testing.T) {
	if (Decision{}).Allow {
		t.Error("the zero Decision allows")
	}
}

func TestZeroDocumentIsDenied(t *testing.T) {
	decision := decide(t, newTestEngine(t, Settings{}), input.Document{})
	if decision.Allow {
		t.Errorf("a request about which nothing is known is allowed: %+v", decision)
	}
}

// TestOnlyClaimedOperations: a rule is asked about the operations it names.
func TestOnlyClaimedOperations(t *testing.T) {
	doc := privileged()
	doc.Operation, doc.Risk = "ContainerWait", input.RiskLow
	if decision := decide(t, newTestEngine(t, Settings{}), doc); !decision.Allow {
		t.Errorf("%+v", decision)
	}
}

func TestCancelledDecisionIsAnError(t *testing.T) {
	engine := newTestEngine(t, Settings{})
	ctx, cancel := context.WithTimeout(context.Background(), time.Nanosecond)
	defer cancel()
	<-ctx.Done()
	decision, err := engine.Decide(ctx, harmless())
	if err == nil || decision.Allow {
		t.Errorf("decision %+v, error %v; want an error", decision, err)
	}
}

// TestFailingRuleIsAnError: what goes wrong inside a rule must never look like
// a rule that found nothing.
func TestFailingRuleIsAnError(t *testing.T) {
	for name, test := range map[string]struct{ deny, want string }{
		"a built-in function fails": {
			"deny contains {\"field\": \"\", \"msg\": \"x\"} if to_number(input.method) > 1\n", "to_number"},
		"a function has two results": {
			"deny contains {\"field\": \"\", \"msg\": value} if value := text(input.method)\n\ntext(_) := \"a\"\n\ntext(m) := upper(m)\n",
			"conflicting values"},
		"a finding says nothing": {
			"deny contains {\"field\": \"\", \"msg\": \"\"} if input.method\n", "needs field and msg"},
	} {
		t.Run(name, func(t *testing.T) {
			bundle, err := policies.Read(withRule(t, test.deny))
			if err != nil {
				t.Fatal(err)
			}
			engine, err := newEngine(bundle, Settings{})
			if err != nil {
				t.Fatal(err)
			}
			decision, err := engine.Decide(context.Background(), harmless())
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("decision %+v, error %v; want %q", decision, err, test.want)
			}
			if decision.Allow {
				t.Error("the request is allowed")
			}
		})
	}
}

// TestUndefinedDecisionIsAnError replaces the entrypoint by one that is
// undefined, and by one that is no set.
func TestUndefinedDecisionIsAnError(t *testing.T) {
	for name, decision := range map[string]string{
		"undefined": "package decision\n\nimport rego.v2\n\nfindings := 1 if input.method == \"NONE\"\n",
		"no set":    "package decision\n\nimport rego.v2\n\nfindings := {\"allow\": true}\n",
		"no text":   "package decision\n\nimport rego.v2\n\nfindings contains 1\n",
		"missing":   "",
	} {
		t.Run(name, func(t *testing.T) {
			root := withRule(t, "deny contains {\"field\": \"\", \"msg\": \"x\"} if input.method == \"NONE\"\n")
			root["decision/decision.rego"] = &fstest.MapFile{Data: []byte(decision)}
			if decision == "" {
				delete(root, "decision/decision.rego")
			}
			bundle, err := policies.Read(root)
			if err != nil {
				t.Fatal(err)
			}
			engine, err := newEngine(bundle, Settings{})
			if err != nil {
				t.Fatal(err)
			}
			if decision, err := engine.Decide(context.Background(), harmless()); err == nil || decision.Allow {
				t.Errorf("decision %+v, error %v; want an error", decision, err)
			}
		})
	}
}

// TestMissingDataDenies takes away what the settings come to.
func TestMissingDataDenies(t *testing.T) {
	bundle, err := policies.Load()
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string]map[string]any{
		"all of it":    {},
		"the claims":   {"settings": map[string]any{"enforcement": map[string]any{}}},
		"empty claims": {"settings": map[string]any{"claims": map[string]any{"*": []any{}}}},
	} {
		t.Run(name, func(t *testing.T) {
			engine, err := prepare(bundle, data)
			if err != nil {
				t.Fatal(err)
			}
			if decision, err := engine.Decide(context.Background(), harmless()); err == nil && decision.Allow {
				t.Errorf("allowed: %+v", decision)
			}
		})
	}
}

// TestMisspeltEnforcementDenies goes round the check of the settings.
func TestMisspeltEnforcementDenies(t *testing.T) {
	bundle, err := policies.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, misspelt := range []string{"", "dry-run", "Off", "warn"} {
		data, err := (Settings{}).data(bundle)
		if err != nil {
			t.Fatal(err)
		}
		data["settings"].(map[string]any)["enforcement"].(map[string]any)["privileged"] = misspelt
		engine, err := prepare(bundle, data)
		if err != nil {
			t.Fatal(err)
		}
		if decision := decide(t, engine, privileged()); decision.Allow {
			t.Errorf("enforcement %q allows", misspelt)
		}
	}
}

func newTestEngine(t *testing.T, settings Settings) *Engine {
	t.Helper()
	engine, err := New(settings)
	if err != nil {
		t.Fatal(err)
	}
	return engine
}

func decide(t *testing.T, engine *Engine, doc input.Document) Decision {
	t.Helper()
	decision, err := engine.Decide(context.Background(), doc)
	if err != nil {
		t.Fatal(err)
	}
	return decision
}

// withRule is the real entrypoint and profiles with one rule, which claims
// every operation.
func withRule(t *testing.T, rego string) fstest.MapFS {
	t.Helper()
	const metadata = `# METADATA
# title: Sample
# description: A rule for tests.
# related_resources:
#   - description: Docker
#     ref: https://docs.docker.com/
# schemas:
#   - input: schema.input
# custom: {severity: low, operations: ["*"], profile: baseline, remediation: stop it}
package rules.sample

import rego.v2

`
	root := fstest.MapFS{
		"rules/sample/sample.rego":   {Data: []byte(metadata + rego)},
		"rules/sample/examples.yaml": {Data: []byte("deny: [{request: {method: GET, uri: /}}]\nallow: [{request: {method: GET, uri: /}}]\n")},
	}
	for _, name := range []string{"decision/decision.rego", "profiles/baseline.yaml", "profiles/restricted.yaml"} {
		text, err := fs.ReadFile(os.DirFS("../../policies"), name)
		if err != nil {
			t.Fatal(fmt.Errorf("reading the bundle: %w", err))
		}
		root[name] = &fstest.MapFile{Data: text}
	}
	return root
}

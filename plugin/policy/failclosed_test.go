package policy

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/bulwark-authz/bulwark/policies"
)

// TestFailingRuleDenies: what goes wrong inside a rule must never look like a
// rule that found nothing, and the text must name the rule.
func TestFailingRuleDenies(t *testing.T) {
	for name, test := range map[string]struct{ deny, want string }{
		"a built-in function fails": {
			"deny contains {\"field\": \"\", \"msg\": \"x\"} if to_number(input.method) > 1\n", "rules/sample/sample.rego:14: eval_builtin_error: to_number"},
		"a function has two results": {
			"deny contains {\"field\": \"\", \"msg\": value} if value := text(input.method)\n\ntext(_) := \"a\"\n\ntext(m) := upper(m)\n",
			"conflicting values"},
		"a finding says nothing": {
			"deny contains {\"field\": \"\", \"msg\": \"\"} if input.method\n", "needs field and msg"},
	} {
		t.Run(name, func(t *testing.T) {
			for enforcement, allow := range map[Enforcement]bool{Deny: false, Dryrun: true} {
				decision := decide(t, sampleEngine(t, test.deny, enforcement), harmless())
				found := append(decision.Violations, decision.Dryrun...)
				if len(found) != 1 || found[0].Rule != "sample" || !strings.Contains(found[0].Msg, test.want) || decision.Allow != allow {
					t.Errorf("%s: decision %+v; want one finding of sample with %q", enforcement, decision, test.want)
				}
			}
		})
	}
}

func sampleEngine(t *testing.T, rego string, enforcement Enforcement) *Engine {
	t.Helper()
	bundle, err := policies.Read(withRule(t, rego))
	if err != nil {
		t.Fatal(err)
	}
	engine, err := newEngine(bundle, Settings{Rules: map[string]policies.Override{"sample": {Enforcement: string(enforcement)}}})
	if err != nil {
		t.Fatal(err)
	}
	return engine
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
		data, err := dataOf(Settings{}, bundle)
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
	for _, name := range []string{"decision/decision.rego", "decision/enforcement.rego", "profiles/baseline.yaml"} {
		text, err := fs.ReadFile(os.DirFS("../../policies"), name)
		if err != nil {
			t.Fatal(fmt.Errorf("reading the bundle: %w", err))
		}
		root[name] = &fstest.MapFile{Data: text}
	}
	return root
}

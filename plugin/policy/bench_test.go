package policy

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/bulwark-authz/bulwark/plugin/input"
	"github.com/bulwark-authz/bulwark/policies"
)

// BenchmarkDecide evaluates all rules of both profiles over requests that
// clients sent.
func BenchmarkDecide(b *testing.B) {
	engine, err := New(Settings{Profile: "restricted", Rules: map[string]policies.Override{
		"untrusted_registry": {Params: map[string]any{"trusted": []any{"registry.example.com"}}},
	}})
	if err != nil {
		b.Fatal(err)
	}
	for _, bench := range []struct {
		name, method, uri, file string
		violations              int
	}{
		{"list", "GET", "/v1.50/containers/json", "", 0},
		{"create allowed", "POST", "/v1.50/containers/create?name=api-1", "create", 0},
		{"create denied", "POST", "/v1.50/containers/create?name=api-1", "create_denied", 12},
		{"service create", "POST", "/v1.50/services/create", "service_create", 0},
		{"exec", "POST", "/v1.50/containers/api-1/exec", "exec", 0},
	} {
		b.Run(bench.name, func(b *testing.B) {
			doc := benchDocument(b, bench.method, bench.uri, bench.file)
			b.ReportAllocs()
			for b.Loop() {
				decision, err := engine.Decide(b.Context(), doc)
				if err != nil || decision.Allow != (bench.violations == 0) || len(decision.Violations) != bench.violations {
					b.Fatalf("%+v, %v", decision, err)
				}
			}
		})
	}
}

func benchDocument(b *testing.B, method, uri, file string) input.Document {
	b.Helper()
	req := input.Request{Method: method, URI: uri, Headers: map[string]string{}}
	if file != "" {
		text, err := os.ReadFile("../../bench/requests/" + file + ".json")
		if err != nil {
			b.Fatal(err)
		}
		var body bytes.Buffer
		if err := json.Compact(&body, text); err != nil {
			b.Fatal(err)
		}
		req.Body, req.Headers["Content-Type"] = body.Bytes(), "application/json"
	}
	return input.FromRequest(req)
}

// BenchmarkLoad compiles the rules, as at start and after a change.
func BenchmarkLoad(b *testing.B) {
	dir := filepath.Join(b.TempDir(), "none")
	for b.Loop() {
		if _, err := Load(dir); err != nil {
			b.Fatal(err)
		}
	}
}

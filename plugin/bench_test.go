package plugin

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/docker/go-plugins-helpers/authorization"
	"github.com/sirupsen/logrus"

	"github.com/bulwark-authz/bulwark/plugin/decisionlog"
	"github.com/bulwark-authz/bulwark/plugin/policy"
	"github.com/bulwark-authz/bulwark/policies"
)

// benchRequests are what make bench drives the whole program with, and the
// rules that deny them first.
var benchRequests = []struct{ name, method, uri, file, denied string }{
	{"ping", "HEAD", "/_ping", "", ""},
	{"list", "GET", "/v1.50/containers/json", "", ""},
	{"create allowed", "POST", "/v1.50/containers/create?name=api-1", "create", ""},
	{"create denied", "POST", "/v1.50/containers/create?name=api-1", "create_denied", "apparmor_disabled"},
	{"service create", "POST", "/v1.50/services/create", "service_create", ""},
	{"exec", "POST", "/v1.50/containers/api-1/exec", "exec", ""},
}

// benchRequest is one of them as the engine asks about it.
func benchRequest(b *testing.B, method, uri, file string) authorization.Request {
	b.Helper()
	req := authorization.Request{RequestMethod: method, RequestURI: uri, RequestHeaders: map[string]string{}}
	if file == "" {
		return req
	}
	text, err := os.ReadFile("../bench/requests/" + file + ".json")
	if err != nil {
		b.Fatal(err)
	}
	var body bytes.Buffer
	if err := json.Compact(&body, text); err != nil {
		b.Fatal(err)
	}
	req.RequestBody = body.Bytes()
	req.RequestHeaders["Content-Type"] = "application/json"
	return req
}

// BenchmarkAuthZReq is everything but the socket and the envelope.
func BenchmarkAuthZReq(b *testing.B) {
	engine, err := policy.New(policy.Settings{Profile: "restricted", Rules: map[string]policies.Override{
		"untrusted_registry": {Params: map[string]any{"trusted": []any{"registry.example.com"}}},
	}})
	if err != nil {
		b.Fatal(err)
	}
	log := decisionlog.Open(io.Discard, logrus.InfoLevel, filepath.Join(b.TempDir(), "decisions.jsonl"))
	b.Cleanup(log.Close)
	a := New(log, nil)
	a.Use(engine)
	for _, bench := range benchRequests {
		b.Run(bench.name, func(b *testing.B) {
			req := benchRequest(b, bench.method, bench.uri, bench.file)
			b.ReportAllocs()
			for b.Loop() {
				answer := a.AuthZReq(req)
				if answer.Err != "" || answer.Allow != (bench.denied == "") || !strings.HasPrefix(answer.Msg, bench.denied) {
					b.Fatalf("%+v", answer)
				}
			}
		})
	}
}

// BenchmarkDecodeRequest is the envelope around a request.
func BenchmarkDecodeRequest(b *testing.B) {
	for _, bench := range benchRequests {
		b.Run(bench.name, func(b *testing.B) {
			req := benchRequest(b, bench.method, bench.uri, bench.file)
			data, err := json.Marshal(req)
			if err != nil {
				b.Fatal(err)
			}
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				got, err := decodeRequest(data)
				if err != nil || got.RequestURI != req.RequestURI || len(got.RequestBody) != len(req.RequestBody) {
					b.Fatalf("%+v, %v", got, err)
				}
			}
		})
	}
}

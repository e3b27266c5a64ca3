package plugin

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/docker/go-plugins-helpers/authorization"
	"github.com/sirupsen/logrus"

	"github.com/bulwark-authz/bulwark/plugin/decisionlog"
	"github.com/bulwark-authz/bulwark/plugin/policy"
	"github.com/bulwark-authz/bulwark/policies"
)

// corpusLine is one request of the shared corpus.
type corpusLine struct {
	ID, Title, Method, URI, Body, Transport string
	Profile                                 string
	Headers                                 map[string]string
	RawHeaders                              [][2]string     `json:"raw_headers"`
	BodyBase64                              string          `json:"body_base64"`
	BodyRepeat                              json.RawMessage `json:"body_repeat"`
	Engines                                 []string
	PluginSeesBody                          map[string]*bool `json:"plugin_sees_body"`
	RequiresState                           string           `json:"requires_state"`
}

// readCorpus reads a file of the corpus, which lies beside the clone.
func readCorpus(t testing.TB, name string) []corpusLine {
	t.Helper()
	f, err := os.Open(filepath.Join("..", "..", "shared", "corpus", name))
	if err != nil {
		t.Skipf("the corpus is not beside the clone: %v", err)
	}
	defer f.Close()
	var lines []corpusLine
	scanner := bufio.NewScanner(f)
	scanner.Buffer(nil, 16<<20)
	for scanner.Scan() {
		var line corpusLine
		if err := json.Unmarshal(scanner.Bytes(), &line); err != nil {
			t.Fatalf("reading %s: %v", name, err)
		}
		lines = append(lines, line)
	}
	if len(lines) < 50 {
		t.Fatalf("%s has %d lines, want all of them", name, len(lines))
	}
	return lines
}

// body is the request's body as it went over the wire.
func (l corpusLine) body(t testing.TB) []byte {
	t.Helper()
	if l.BodyBase64 != "" {
		body, err := base64.StdEncoding.DecodeString(l.BodyBase64)
		if err != nil {
			t.Fatal(err)
		}
		return body
	}
	type fill struct {
		Placeholder, Char string
		Count             int
	}
	var fills []fill
	if len(l.BodyRepeat) > 0 {
		if json.Unmarshal(l.BodyRepeat, &fills) != nil {
			fills = make([]fill, 1)
			if err := json.Unmarshal(l.BodyRepeat, &fills[0]); err != nil {
				t.Fatal(err)
			}
		}
	}
	body := l.Body
	for _, f := range fills {
		body = strings.ReplaceAll(body, f.Placeholder, strings.Repeat(f.Char, f.Count))
	}
	return []byte(body)
}

// request is what the given engine asks its plugin about the request; false
// when it does not ask.
func (l corpusLine) request(t testing.TB, engine string) (authorization.Request, bool) {
	t.Helper()
	body := l.body(t)
	sees, stated := l.PluginSeesBody[engine]
	if stated && sees == nil {
		return authorization.Request{}, false
	}
	req := authorization.Request{RequestMethod: l.Method, RequestURI: l.URI, RequestHeaders: maps.Clone(l.Headers)}
	if req.RequestHeaders == nil {
		req.RequestHeaders = map[string]string{}
	}
	for _, h := range l.RawHeaders {
		req.RequestHeaders[h[0]] = h[1]
	}
	if l.Transport == "chunked" || l.Transport == "h2c" {
		delete(req.RequestHeaders, "Content-Length")
	} else if len(body) > 0 {
		req.RequestHeaders["Content-Length"] = strconv.Itoa(len(body))
	}
	if len(body) > 0 && (!stated || *sees) {
		req.RequestBody = body
	}
	return req, true
}

// newAuthorizer enforces a profile for hosts that use two registries.
func newAuthorizer(t testing.TB, profile string, rules map[string]policies.Override) *Authorizer {
	t.Helper()
	settings := policy.Settings{Profile: profile, Rules: map[string]policies.Override{
		"untrusted_registry": {Params: map[string]any{"trusted": []any{"docker.io/library", "registry.example.com"}}},
	}}
	maps.Copy(settings.Rules, rules)
	engine, err := policy.New(settings)
	if err != nil {
		t.Fatal(err)
	}
	log := decisionlog.Open(io.Discard, logrus.PanicLevel, "")
	a := New(log, nil)
	a.Use(engine)
	return a
}

// TestAttacksAreDenied replays every hostile request as each engine would ask
// about it, as it is and with an API version put in.
func TestAttacksAreDenied(t *testing.T) {
	authorizers := map[string]*Authorizer{
		"":           newAuthorizer(t, "baseline", nil),
		"restricted": newAuthorizer(t, "restricted", nil),
	}
	asked := 0
	for _, line := range readCorpus(t, "attacks.jsonl") {
		t.Run(line.ID, func(t *testing.T) {
			if line.RequiresState != "" {
				t.Skipf("%s: the request alone does not tell (%s)", line.Title, line.RequiresState)
			}
			for _, engine := range line.Engines {
				req, ok := line.request(t, engine)
				if !ok {
					t.Logf("engine %s does not ask a plugin about this request", engine)
					continue
				}
				for _, uri := range spellings(req.RequestURI) {
					req.RequestURI = uri
					asked++
					if answer := authorizers[line.Profile].AuthZReq(req); answer.Allow {
						t.Errorf("engine %s, %s %s (%s): allowed", engine, req.RequestMethod, uri, line.Title)
					}
				}
			}
		})
	}
	if asked < 400 {
		t.Fatalf("asked about %d requests, want all of them", asked)
	}
}

// spellings are a target with API versions put in. Where it has one, that is
// what the attack is about.
func spellings(uri string) []string {
	if !strings.HasPrefix(uri, "/") || strings.HasPrefix(uri, "/v1.") {
		return []string{uri}
	}
	return []string{uri, "/v1.41" + uri, "/v1.44" + uri}
}

// TestLegitimateRequestsAreAllowed replays what real clients send.
func TestLegitimateRequestsAreAllowed(t *testing.T) {
	authorizers := map[string]*Authorizer{
		"":            newAuthorizer(t, "baseline", nil),
		"allow-build": newAuthorizer(t, "baseline", map[string]policies.Override{"builds": {Params: map[string]any{"allowed": true}}}),
	}
	for _, line := range readCorpus(t, "benign.jsonl") {
		t.Run(line.ID, func(t *testing.T) {
			for _, engine := range line.Engines {
				req, ok := line.request(t, engine)
				if !ok {
					t.Fatal("a legitimate request that no plugin is asked about")
				}
				if answer := authorizers[line.Profile].AuthZReq(req); !answer.Allow {
					t.Errorf("engine %s, %s: %s%s", engine, line.Title, answer.Msg, answer.Err)
				}
			}
		})
	}
}

// TestAuditDeniesNothing replays both files with everything logged only.
func TestAuditDeniesNothing(t *testing.T) {
	engine, err := policy.New(policy.Settings{Profile: "restricted", Mode: policy.Audit})
	if err != nil {
		t.Fatal(err)
	}
	a := New(decisionlog.Open(io.Discard, logrus.PanicLevel, ""), nil)
	a.Use(engine)
	for _, line := range append(readCorpus(t, "attacks.jsonl"), readCorpus(t, "benign.jsonl")...) {
		req, ok := line.request(t, line.Engines[0])
		if !ok {
			continue
		}
		answer := a.AuthZReq(req)
		locked := slices.ContainsFunc([]string{"/disable", "/upgrade", "/set"}, func(end string) bool {
			path, _, _ := strings.Cut(line.URI, "?")
			return strings.HasPrefix(path, "/plugins/") && strings.HasSuffix(path, end)
		}) || line.Method == "DELETE" && strings.HasPrefix(line.URI, "/plugins/")
		if answer.Allow == locked {
			t.Errorf("%s: allow %v, want %v: %s", line.ID, answer.Allow, !locked, bytes.TrimSpace([]byte(answer.Msg+answer.Err)))
		}
	}
}

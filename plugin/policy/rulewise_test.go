package policy

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bulwark-authz/bulwark/plugin/input"
)

// bothWays decides on a document with every rule asked at once, and twice with
// the rules asked that may find something: at first all of them look.
func bothWays(t *testing.T, e *Engine, w *rulewise, doc input.Document) (want, first, second Decision) {
	t.Helper()
	value, err := toValue(doc)
	if err != nil {
		t.Fatal(err)
	}
	findings, err := e.evaluate(context.Background(), value, nil)
	if err != nil {
		t.Fatal(err)
	}
	want = e.decide(findings)
	for _, decision := range []*Decision{&first, &second} {
		if findings, err = w.findings(context.Background(), &doc); err != nil {
			t.Fatal(err)
		}
		*decision = e.decide(findings)
	}
	return want, first, second
}

// corpusDocuments are those of the shared corpus, none when it is not beside
// the clone.
func corpusDocuments(t *testing.T) []input.Document {
	t.Helper()
	var docs []input.Document
	for _, name := range []string{"attacks.jsonl", "benign.jsonl"} {
		lines, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "corpus", name))
		if err != nil {
			return nil
		}
		for line := range bytes.Lines(lines) {
			var request struct {
				Method, URI, Body string
				Headers           map[string]string
				BodyBase64        []byte `json:"body_base64"`
			}
			if err := json.Unmarshal(line, &request); err != nil {
				t.Fatalf("reading %s: %v", name, err)
			}
			body := append([]byte(request.Body), request.BodyBase64...)
			docs = append(docs, input.FromRequest(input.Request{Method: request.Method, URI: request.URI, Headers: request.Headers, Body: body}))
		}
	}
	return docs
}

// TestRulewiseDecidesAlike compares decisions about every example of every
// rule, of which many agree in most of what rules read, and about the corpus.
func TestRulewiseDecidesAlike(t *testing.T) {
	docs := append(exampleDocuments(t), corpusDocuments(t)...)
	for name, settings := range map[string]Settings{
		"baseline":   {Profile: "baseline"},
		"restricted": {Profile: "restricted"},
		"audit":      {Profile: "restricted", Mode: Audit},
		"exceptions": {Profile: "restricted", Exceptions: []Exception{
			{Name: "library", Reason: "test", Expires: Date{time.Now().AddDate(1, 0, 0)}, Rules: []string{"root_user", "cap_add", "privileged"}, Match: Match{Images: []string{"docker.io/library"}}},
			{Name: "alice", Reason: "test", Expires: Date{time.Now().AddDate(1, 0, 0)}, Rules: []string{"root_user", "host_binds"}, Match: Match{Users: []string{"alice"}}},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			e, err := New(settings)
			if err != nil {
				t.Fatal(err)
			}
			w := e.newRulewise()
			if w == nil {
				t.Fatal("the built-in rules cannot be asked by themselves")
			}
			denied := 0
			for _, doc := range docs {
				want, first, second := bothWays(t, e, w, doc)
				if diff := cmp.Diff(want, first); diff != "" {
					t.Fatalf("%s %s (-all at once +by themselves): %s", doc.Method, doc.Path, diff)
				}
				if diff := cmp.Diff(want, second); diff != "" {
					t.Fatalf("%s %s (-all at once +remembered): %s", doc.Method, doc.Path, diff)
				}
				denied += len(want.Violations) + len(want.Dryrun)
			}
			if denied < len(docs)/3 {
				t.Errorf("only %d findings in %d documents", denied, len(docs))
			}
		})
	}
}

// TestRulesNeedNotLookAgain counts the rules that look.
func TestRulesNeedNotLookAgain(t *testing.T) {
	e, err := New(Settings{Profile: "restricted"})
	if err != nil {
		t.Fatal(err)
	}
	w := e.newRulewise()
	open := func(method, uri, body string) []string {
		doc := input.FromRequest(input.Request{Method: method, URI: uri, Body: []byte(body)})
		asked, err := w.askedAbout(context.Background(), doc.Operation)
		if err != nil {
			t.Fatal(err)
		}
		keys := w.memo.keysOf(&doc, asked.spots)
		defer w.memo.done(keys)
		_, rules := w.memo.recall(asked.rules, keys)
		var names []string
		for _, rule := range rules {
			names = append(names, rule.name)
		}
		if _, err := w.findings(context.Background(), &doc); err != nil {
			t.Fatal(err)
		}
		slices.Sort(names)
		return names
	}
	if first := open("GET", "/_ping", ""); len(first) < 3 {
		t.Errorf("at first only %v look at a ping", first)
	}
	if again := open("GET", "/_ping", ""); len(again) > 0 {
		t.Errorf("%v look at a ping again", again)
	}
	if first := open("POST", "/v1.44/containers/create", `{"Image":"a"}`); len(first) < 40 {
		t.Errorf("at first only %v look at a container", first)
	}
	if again := open("POST", "/v1.44/containers/create", `{"Image":"a","Hostname":"b"}`); len(again) > 0 {
		t.Errorf("%v look at a container again", again)
	}
	got := open("POST", "/v1.44/containers/create", `{"Image":"a","HostConfig":{"Privileged":true}}`)
	if !slices.Contains(got, "privileged") || slices.Contains(got, "cap_add") {
		t.Errorf("when the container is privileged %v look again", got)
	}
}

// siteRule is a rule of a site with a body.
func siteRule(body string) string {
	return `# METADATA
# title: Site
# description: A rule of a test.
# custom:
#   severity: high
#   operations: ["*"]
#   remediation: leave it
package custom.rules.site

import rego.v2

deny contains {"field": "", "msg": "found"} if {
	` + body + "\n}\n"
}

// TestSiteRulesAreAsked makes sure that what is remembered, and what is asked
// at all, follows from the rules.
func TestSiteRulesAreAsked(t *testing.T) {
	ping := input.FromRequest(input.Request{Method: "GET", URI: "/_ping", User: "alice"})
	bob := ping
	bob.User.Name = "bob"
	for _, test := range []struct {
		body       string
		remembered bool
		alice, bob bool // denied
	}{
		{`input.operation == "SystemPing"`, true, true, true},
		{`input.user.name == "bob"`, true, false, true},
		{"some key\n\tinput.user[key] == \"bob\"", true, false, true},
		{"whole := input\n\twhole.user.name == \"bob\"", true, false, true},
		{"some key\n\tinput[key].name == \"bob\"", true, false, true},
		{`"bob" in {name | some name in input.user}`, true, false, true},
		{`not input.user.name == "alice"`, true, false, true},
		{`every text in input.user { text != "alice" }`, true, false, true},
		{`object.get(input, ["user", "name"], "") == "bob"`, true, false, true},
		{`walk(input.user, [["name"], "bob"])`, true, false, true},
		{"time.now_ns() > 0\n\tinput.user.name == \"bob\"", false, false, true},
	} {
		t.Run(test.body, func(t *testing.T) {
			e, err := LoadFS(fstest.MapFS{"rules/site/site.rego": {Data: []byte(siteRule(test.body))}}, "/etc/bulwark")
			if err != nil {
				t.Fatal(err)
			}
			w := e.newRulewise()
			if pure := w.rules["site"].reads.pure; pure != test.remembered {
				t.Errorf("remembered: %v, reads %s", pure, &w.rules["site"].reads)
			}
			for range 2 {
				for _, asked := range []struct {
					doc    input.Document
					denied bool
				}{{ping, test.alice}, {bob, test.bob}} {
					want, first, second := bothWays(t, e, w, asked.doc)
					if want.Allow == asked.denied || first.Allow == asked.denied || second.Allow == asked.denied {
						t.Errorf("%s: allowed: at once %v, by itself %v, remembered %v", asked.doc.User.Name, want.Allow, first.Allow, second.Allow)
					}
				}
			}
		})
	}
}

func TestRuleThatFailsIsAskedWithAllOthers(t *testing.T) {
	e, err := LoadFS(fstest.MapFS{"rules/site/site.rego": {Data: []byte(siteRule(`to_number(input.user.name) == 1`))}}, "/etc/bulwark")
	if err != nil {
		t.Fatal(err)
	}
	doc := input.FromRequest(input.Request{Method: "GET", URI: "/_ping", User: "alice"})
	w := e.newRulewise()
	if findings, err := w.findings(context.Background(), &doc); err == nil {
		t.Errorf("findings %v of a rule that fails", findings)
	}
	findings, err := w.decide(context.Background(), doc, e.evaluate)
	if d := e.decide(findings); err != nil || d.Allow || len(d.Violations) != 1 || d.Violations[0].Rule != "site" {
		t.Errorf("decision %+v, error %v", e.decide(findings), err)
	}
}

func TestEndedContextStopsRules(t *testing.T) {
	e, err := LoadFS(fstest.MapFS{"rules/site/site.rego": {
		Data: []byte(siteRule(endless)),
	}}, "/etc/bulwark")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	doc := input.FromRequest(input.Request{Method: "GET", URI: "/_ping"})
	w := e.newRulewise()
	if _, err := w.askedAbout(ctx, doc.Operation); err != nil {
		t.Fatal(err)
	}
	cancel()
	if findings, err := w.decide(ctx, doc, e.evaluate); err == nil {
		t.Errorf("findings %v after the end", findings)
	}
}

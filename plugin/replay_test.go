package plugin

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/docker/go-plugins-helpers/authorization"
	"github.com/google/go-cmp/cmp"
	"github.com/sirupsen/logrus"

	"github.com/bulwark-authz/bulwark/plugin/decisionlog"
	"github.com/bulwark-authz/bulwark/plugin/input"
	"github.com/bulwark-authz/bulwark/plugin/policy"
	"github.com/bulwark-authz/bulwark/policies"
)

// TestRecordedDecisionsCanBeMadeAgain sends the examples of every rule through
// the plugin, and decides again on what the log has recorded of them: what is
// masked there costs no finding.
func TestRecordedDecisionsCanBeMadeAgain(t *testing.T) {
	rules, err := policies.Rules()
	if err != nil {
		t.Fatal(err)
	}
	engine, err := policy.New(policy.Settings{Profile: "restricted"})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "decisions.jsonl")
	log := decisionlog.Open(&bytes.Buffer{}, logrus.InfoLevel, path)
	a := New(log, nil)
	a.Use(engine)
	sent := 0
	for _, rule := range rules {
		examples, err := rule.Examples()
		if err != nil {
			t.Fatal(err)
		}
		for _, example := range slices.Concat(examples.Deny, examples.Allow) {
			send(t, a, engine, example)
			sent++
		}
	}
	log.Close()

	entries := readEntries(t, path)
	if len(entries) != sent {
		t.Fatalf("%d lines for %d requests", len(entries), sent)
	}
	replayed := 0
	for _, entry := range entries {
		if len(entry.Input) == 0 {
			if entry.Outcome != decisionlog.Allow || entry.InputOmitted != "" {
				t.Errorf("%s %s is not recorded: %s", entry.Method, entry.Path, entry.InputOmitted)
			}
			continue
		}
		replayed++
		decision, err := engine.Decide(context.Background(), unmarshal(t, entry.Input))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(findings(decision.Violations), entry.Violations); diff != "" && entry.Omitted == 0 {
			t.Errorf("%s %s: -now +recorded:\n%s\n%s", entry.Method, entry.Path, diff, entry.Input)
		}
	}
	if replayed < len(rules) {
		t.Errorf("%d decisions were made again", replayed)
	}
}

// send has the plugin decide on an example; one with facts is decided here,
// since there is no engine to look them up in.
func send(t *testing.T, a *Authorizer, engine *policy.Engine, example policies.Example) {
	t.Helper()
	body, err := example.Request.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	req := example.Request
	if example.Facts == nil {
		a.AuthZReq(authorization.Request{RequestMethod: req.Method, RequestURI: req.URI, RequestHeaders: req.Headers, RequestBody: body})
		return
	}
	doc := input.FromRequest(input.Request{Method: req.Method, URI: req.URI, Headers: req.Headers, Body: body})
	facts, err := json.Marshal(example.Facts)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(facts, &doc.Facts); err != nil {
		t.Fatal(err)
	}
	v := &verdict{doc: doc}
	v.decision, v.err = engine.Decide(context.Background(), doc)
	a.answer(time.Now(), v, func(authorization.Response) {})
}

func readEntries(t *testing.T, path string) []decisionlog.Entry {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var entries []decisionlog.Entry
	for line := range bytes.Lines(text) {
		var entry decisionlog.Entry
		if err := json.Unmarshal(line, &entry); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		entries = append(entries, entry)
	}
	return entries
}

func unmarshal(t *testing.T, document []byte) input.Document {
	t.Helper()
	var doc input.Document
	decoder := json.NewDecoder(bytes.NewReader(document))
	decoder.UseNumber()
	if err := decoder.Decode(&doc); err != nil {
		t.Fatal(err)
	}
	return doc
}

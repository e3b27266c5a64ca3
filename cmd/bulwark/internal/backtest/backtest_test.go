package backtest

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bulwark-authz/bulwark/cmd/bulwark/internal/decisions"
	"github.com/bulwark-authz/bulwark/plugin/input"
	"github.com/bulwark-authz/bulwark/plugin/policy"
)

// byObject denies what is called bad, twice by one rule, and fails on what is
// called odd.
type byObject struct{}

func (byObject) Decide(_ context.Context, doc input.Document) (policy.Decision, error) {
	switch doc.Object {
	case "bad":
		return policy.Decision{Violations: []policy.Violation{{Rule: "r", Msg: "bad \x1b[2J"}, {Rule: "r", Msg: "worse"}, {Rule: "s", Msg: "bad"}}}, nil
	case "odd":
		return policy.Decision{}, errors.New("evaluating rules: boo")
	}
	return policy.Decision{Allow: true, Dryrun: []policy.Violation{{Rule: "d", Msg: "m"}}}, nil
}

const log = `
{"msg":"decision","decision_id":"1","allow":true,"user":"alice","operation":"ImageTag","object":"bad","input":{"object":"bad"}}
{"msg":"decision","decision_id":"2","allow":true,"user":"alice","operation":"ImageTag","object":"bad","input":{"object":"bad"}}
{"msg":"decision","decision_id":"3","allow":true,"method":"GET","path":"/x","input":{"object":"odd"}}
{"msg":"decision","decision_id":"4","allow":true,"input":{"object":"good"}}
{"msg":"decision","decision_id":"5","user":"bob","operation":"ImageTag","violations":[{"rule":"t","msg":"was\u202ebad"}],"input":{"object":"good"}}
{"msg":"decision","decision_id":"6","violations":[{"rule":"t","msg":"was bad"}],"input":{"object":"bad"}}
{"msg":"decision","decision_id":"7","allow":true}
`

func run(t *testing.T, text string) (Report, error) {
	t.Helper()
	return Run(t.Context(), byObject{}, decisions.Read(decisions.Logs([]string{"-"}, strings.NewReader(text))...))
}

func TestRun(t *testing.T) {
	got, err := run(t, log)
	if err != nil {
		t.Fatal(err)
	}
	want := Report{
		Replayed: 6, Unchanged: 2, NotRecorded: 1,
		NewlyDenied: []Group{
			{Rule: "r", User: "alice", Count: 2, Example: Example{DecisionID: "1", Operation: "ImageTag", Object: "bad", Message: "bad \x1b[2J"}},
			{Rule: "s", User: "alice", Count: 2, Example: Example{DecisionID: "1", Operation: "ImageTag", Object: "bad", Message: "bad"}},
			{Rule: Undecided, Count: 1, Example: Example{DecisionID: "3", Operation: "GET /x", Message: "evaluating rules: boo"}},
		},
		NewlyAllowed: []Group{
			{Rule: "t", User: "bob", Count: 1, Example: Example{DecisionID: "5", Operation: "ImageTag", Message: "was\u202ebad"}},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if !got.Changed() {
		t.Error("nothing has changed")
	}
}

func TestWrite(t *testing.T) {
	report, err := run(t, log)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := report.Write(&out); err != nil {
		t.Fatal(err)
	}
	want := `6 decisions made again: 2 unchanged, 4 changed
1 not made again: their requests are not in the log (reads, refusals, large requests)

newly denied:
      2  r  alice
         e.g. 1  ImageTag  bad: bad \u001b[2J
      2  s  alice
         e.g. 1  ImageTag  bad: bad
      1  (no decision)  (no user name)
         e.g. 3  GET /x  -: evaluating rules: boo

newly allowed:
      1  t  bob
         e.g. 5  ImageTag  -: was\u202ebad
`
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestNothingChanges(t *testing.T) {
	report, err := run(t, `{"msg":"decision","allow":true,"input":{"object":"good"}}`)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(Report{Replayed: 1, Unchanged: 1, NewlyDenied: []Group{}, NewlyAllowed: []Group{}}, report); diff != "" || report.Changed() {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestRunEndsAtAFault(t *testing.T) {
	want := "standard input:1: reading the request: json: cannot unmarshal array into Go value of type input.Document"
	if _, err := run(t, `{"msg":"decision","input":[]}`); err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Run(ctx, byObject{}, decisions.Read(decisions.Logs([]string{"-"}, strings.NewReader(log))...)); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

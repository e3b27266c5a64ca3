package plugin

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/docker/go-plugins-helpers/authorization"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/bulwark-authz/bulwark/plugin/decisionlog"
	"github.com/bulwark-authz/bulwark/plugin/input"
	"github.com/bulwark-authz/bulwark/plugin/policy"
)

func TestAnswers(t *testing.T) {
	const reference = "\n(decision ID, see the log on the host)"
	privileged := policy.Violation{Rule: "privileged", Field: "HostConfig.Privileged", Msg: "full access to the host"}
	stuck := make(chan struct{})
	defer close(stuck)
	tests := []struct {
		name   string
		decide decideFunc
		want   authorization.Response
		logged decisionlog.Entry
	}{
		{
			name:   "allow",
			decide: allowAll,
			want:   authorization.Response{Allow: true},
			logged: decisionlog.Entry{Outcome: decisionlog.Allow, Allow: true},
		},
		{
			name: "allow with a dry run",
			decide: func(context.Context, input.Document) (policy.Decision, error) {
				return policy.Decision{Allow: true, Dryrun: []policy.Violation{privileged}}, nil
			},
			want: authorization.Response{Allow: true},
			logged: decisionlog.Entry{Outcome: decisionlog.Allow, Allow: true, Dryrun: []decisionlog.Finding{
				{Rule: "privileged", Field: "HostConfig.Privileged", Msg: "full access to the host"}}},
		},
		{
			name: "deny",
			decide: func(context.Context, input.Document) (policy.Decision, error) {
				return policy.Decision{Violations: []policy.Violation{privileged}}, nil
			},
			want: authorization.Response{Msg: policy.Decision{Violations: []policy.Violation{privileged}}.Message() + reference},
			logged: decisionlog.Entry{Outcome: decisionlog.Deny, Violations: []decisionlog.Finding{
				{Rule: "privileged", Field: "HostConfig.Privileged", Msg: "full access to the host"}}},
		},
		{
			name: "the zero decision denies",
			decide: func(context.Context, input.Document) (policy.Decision, error) {
				return policy.Decision{}, nil
			},
			want:   authorization.Response{Msg: reference},
			logged: decisionlog.Entry{Outcome: decisionlog.Deny},
		},
		{
			name: "refuse, even if the decision says allow",
			decide: func(context.Context, input.Document) (policy.Decision, error) {
				return policy.Decision{Allow: true}, errors.New("evaluating the rules: no result")
			},
			want:   authorization.Response{Err: "Bulwark could not decide, so nothing was done: evaluating the rules: no result" + reference},
			logged: decisionlog.Entry{Outcome: decisionlog.Refuse, Error: "evaluating the rules: no result"},
		},
		{
			name:   "loading",
			want:   authorization.Response{Err: "Bulwark could not decide, so nothing was done: the policy is still loading; try again in a moment" + reference},
			logged: decisionlog.Entry{Outcome: decisionlog.Refuse, Error: "the policy is still loading; try again in a moment"},
		},
		{
			name:   "panic",
			decide: func(context.Context, input.Document) (policy.Decision, error) { panic("index out of range") },
			want: authorization.Response{Err: "Bulwark could not decide, so nothing was done: Bulwark failed on this request, " +
				"which is a fault in Bulwark; show an administrator of the host this text" + reference},
			logged: decisionlog.Entry{Outcome: decisionlog.Refuse, Error: "panic: index out of range"},
		},
		{
			name: "timeout that the policy notices",
			decide: func(ctx context.Context, _ input.Document) (policy.Decision, error) {
				<-ctx.Done()
				return policy.Decision{}, ctx.Err()
			},
			want:   authorization.Response{Err: "Bulwark could not decide, so nothing was done: " + errTimeout.Error() + reference},
			logged: decisionlog.Entry{Outcome: decisionlog.Refuse, Error: errTimeout.Error()},
		},
		{
			name: "timeout at a rule",
			decide: func(ctx context.Context, _ input.Document) (policy.Decision, error) {
				<-ctx.Done()
				return policy.Decision{}, &policy.InterruptedError{Rule: "team_label"}
			},
			want:   authorization.Response{Err: "Bulwark could not decide, so nothing was done: " + errTimeout.Error() + "; the time was over at the rule team_label" + reference},
			logged: decisionlog.Entry{Outcome: decisionlog.Refuse, Error: errTimeout.Error() + "; the time was over at the rule team_label"},
		},
		{
			name: "timeout that nothing interrupts",
			decide: func(context.Context, input.Document) (policy.Decision, error) {
				<-stuck
				return policy.Decision{Allow: true}, nil
			},
			want:   authorization.Response{Err: "Bulwark could not decide, so nothing was done: " + errTimeout.Error() + reference},
			logged: decisionlog.Entry{Outcome: decisionlog.Refuse, Error: errTimeout.Error()},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			a, log := newTestAuthorizer(t, test.decide)
			a.timeout = 50 * time.Millisecond
			got := a.AuthZReq(createRequest)
			id := decisionID.FindString(got.Msg + got.Err)
			if id != "" {
				got.Msg = strings.ReplaceAll(got.Msg, id, "ID")
				got.Err = strings.ReplaceAll(got.Err, id, "ID")
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("answer (-want +got):\n%s", diff)
			}

			decisions, _ := log.closed(t)
			if len(decisions) != 1 {
				t.Fatalf("%d decisions logged", len(decisions))
			}
			entry := decisions[0]
			if id != "" && entry.DecisionID != id || !decisionID.MatchString(entry.DecisionID) {
				t.Errorf("the log has decision %q, the user %q", entry.DecisionID, id)
			}
			outcome := decisionlog.Entry{Outcome: entry.Outcome, Allow: entry.Allow, Violations: entry.Violations, Dryrun: entry.Dryrun, Error: entry.Error}
			test.logged.Violations = append([]decisionlog.Finding{}, test.logged.Violations...)
			test.logged.Dryrun = append([]decisionlog.Finding{}, test.logged.Dryrun...)
			if diff := cmp.Diff(test.logged, outcome, cmpopts.IgnoreUnexported(decisionlog.Entry{})); diff != "" {
				t.Errorf("log (-want +got):\n%s", diff)
			}
			if entry.User != "alice" || entry.Method != "POST" || !strings.HasSuffix(entry.Path, "/containers/create") {
				t.Errorf("the log does not say who asked for what: %+v", entry)
			}
		})
	}
}

func TestPolicyComesAndGoes(t *testing.T) {
	a, _ := newTestAuthorizer(t, nil)
	engine, err := policy.New(policy.Settings{})
	if err != nil {
		t.Fatal(err)
	}
	a.Use(engine)
	read := authorization.Request{RequestMethod: "GET", RequestURI: "/v1.41/version"}
	if got := a.AuthZReq(read); got.Err != "" {
		t.Errorf("refused with a policy: %+v", got)
	}
	a.RefuseAll(errors.New("the settings are broken"))
	if got := a.AuthZReq(read); !strings.Contains(got.Err, "the settings are broken") || got.Allow {
		t.Errorf("answer %+v", got)
	}
}

func TestPanicIsLoggedWithItsStack(t *testing.T) {
	a, log := newTestAuthorizer(t, func(context.Context, input.Document) (policy.Decision, error) {
		panic("index out of range")
	})
	a.AuthZReq(createRequest)
	decisions, messages := log.closed(t)
	if len(decisions) != 1 || len(messages) != 1 {
		t.Fatalf("decisions %v, messages %v", decisions, messages)
	}
	message := messages[0]
	if message["decision_id"] != decisions[0].DecisionID || message["msg"] != "panic: index out of range" ||
		!strings.Contains(message["stack"], "TestPanicIsLoggedWithItsStack") {
		t.Errorf("message %v", message)
	}
}

func TestStuckDecisionsKeepTheirPlace(t *testing.T) {
	stuck := make(chan struct{})
	a, _ := newTestAuthorizer(t, func(context.Context, input.Document) (policy.Decision, error) {
		<-stuck
		return policy.Decision{Allow: true}, nil
	})
	a.timeout, a.work = 20*time.Millisecond, make(gate, 2)
	for range cap(a.work) {
		if got := a.AuthZReq(createRequest); !strings.Contains(got.Err, errTimeout.Error()) {
			t.Fatalf("answer %+v", got)
		}
	}
	if got := a.AuthZReq(createRequest); !strings.Contains(got.Err, "too many requests at once; try again in a moment") {
		t.Errorf("a third one was let in: %+v", got)
	}
	close(stuck)
	a.timeout = time.Second
	if got := a.AuthZReq(createRequest); !got.Allow {
		t.Errorf("places were not given back: %+v", got)
	}
}

func TestResponsesPass(t *testing.T) {
	a, _ := newTestAuthorizer(t, nil)
	if got := a.AuthZRes(authorization.Request{}); got != (authorization.Response{Allow: true}) {
		t.Errorf("answer %+v", got)
	}
}

func TestDecisionIDs(t *testing.T) {
	now := time.Date(2026, 11, 23, 20, 0, 0, 0, time.UTC)
	var ids []string
	for i := range 1000 {
		ids = append(ids, newDecisionID(now.Add(time.Duration(i)*time.Millisecond)))
	}
	if !slices.IsSorted(ids) {
		t.Error("ids do not sort by time")
	}
	if got := len(slices.Compact(slices.Clone(ids))); got != len(ids) {
		t.Errorf("%d of %d ids are distinct", got, len(ids))
	}
	for _, id := range ids {
		if len(id) != 16 || decisionID.FindString(id) != id {
			t.Fatalf("id %q", id)
		}
	}
	if newDecisionID(now) == newDecisionID(now) {
		t.Error("two ids of one moment are the same")
	}
}

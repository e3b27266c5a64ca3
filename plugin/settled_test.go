package plugin

import (
	"bytes"
	"fmt"
	"testing"
	"testing/fstest"

	"github.com/docker/go-plugins-helpers/authorization"

	"github.com/bulwark-authz/bulwark/plugin/input"
	"github.com/bulwark-authz/bulwark/plugin/policy"
)

// siteEngine has a rule of a site, with this condition, for every operation.
func siteEngine(t *testing.T, condition string) *policy.Engine {
	t.Helper()
	engine, err := policy.LoadFS(fstest.MapFS{"rules/site/site.rego": {Data: []byte(`# METADATA
# title: Site
# description: A rule of a test.
# custom:
#   severity: high
#   operations: ["*"]
#   remediation: leave it
package custom.rules.site

import rego.v2

deny contains {"field": "", "msg": "found"} if ` + condition + "\n")}}, "/etc/bulwark")
	if err != nil {
		t.Fatal(err)
	}
	return engine
}

// TestRepeatedRequestsAreAllowedAtOnce asks twice, and looks at what is settled
// then.
func TestRepeatedRequestsAreAllowedAtOnce(t *testing.T) {
	quiet := siteEngine(t, `input.user.name == "mallory"`)
	for _, test := range []struct {
		name    string
		engine  *policy.Engine
		request authorization.Request
		allow   bool
		settled int
	}{
		{"ping", quiet, authorization.Request{RequestMethod: "GET", RequestURI: "/_ping"}, true, 1},
		{"list", quiet, authorization.Request{RequestMethod: "GET", RequestURI: "/v1.45/containers/json", User: "alice"}, true, 1},
		{"denied", quiet, authorization.Request{RequestMethod: "GET", RequestURI: "/_ping", User: "mallory"}, false, 0},
		{"with a body", quiet, authorization.Request{RequestMethod: "GET", RequestURI: "/_ping", RequestBody: []byte("{}")}, true, 0},
		{"work", quiet, authorization.Request{RequestMethod: "POST", RequestURI: "/v1.45/containers/a/stop"}, true, 0},
		{"long", quiet, authorization.Request{RequestMethod: "GET", RequestURI: "/_ping?" + string(bytes.Repeat([]byte("a"), maxSettledBytes))}, true, 0},
		{"a rule that reads the clock", siteEngine(t, `time.now_ns() < 0`), authorization.Request{RequestMethod: "GET", RequestURI: "/_ping"}, true, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			a, log := newTestAuthorizer(t, nil)
			a.Use(test.engine)
			e := start(t, a)
			for range 2 {
				if _, answer := e.ask(t, bytes.NewReader(encoded(t, test.request))); answer.Allow != test.allow {
					t.Errorf("answer %+v", answer)
				}
			}
			if got := len(a.settled.Load().verdicts); got != test.settled {
				t.Errorf("%d requests are settled, want %d", got, test.settled)
			}
			e.end()
			decisions, _ := log.closed(t)
			if len(decisions) != 2 {
				t.Fatalf("%d decisions logged", len(decisions))
			}
			first, second := decisions[0], decisions[1]
			if first.DecisionID == second.DecisionID || first.Operation != second.Operation || first.User != second.User || first.Path != second.Path {
				t.Errorf("logged %+v, then %+v", first, second)
			}
		})
	}
}

// TestNewPolicyUnsettles allows a request, and denies it by another policy.
func TestNewPolicyUnsettles(t *testing.T) {
	a, _ := newTestAuthorizer(t, nil)
	e := start(t, a)
	request := encoded(t, authorization.Request{RequestMethod: "GET", RequestURI: "/_ping"})
	ask := func() authorization.Response {
		_, answer := e.ask(t, bytes.NewReader(request))
		return answer
	}
	allowing := siteEngine(t, `input.operation == "SystemInfo"`)
	for range 2 {
		a.Use(allowing)
		if answer := ask(); !answer.Allow {
			t.Errorf("answer %+v, want to allow", answer)
		}
		a.Use(siteEngine(t, `input.operation == "SystemPing"`))
		if answer := ask(); answer.Allow || answer.Msg == "" {
			t.Errorf("answer %+v, want a denial", answer)
		}
		a.Use(allowing)
		if answer := ask(); !answer.Allow {
			t.Errorf("answer %+v, want to allow", answer)
		}
		a.RefuseAll(errLoading)
		if answer := ask(); answer.Allow || answer.Err == "" {
			t.Errorf("answer %+v, want a refusal", answer)
		}
	}
}

func TestOnlyWhatTheRequestSaysIsSettled(t *testing.T) {
	read := input.FromRequest(input.Request{Method: "GET", URI: "/_ping"})
	looked := input.FromRequest(input.Request{Method: "GET", URI: "/_ping"})
	looked.Facts.Images["a"] = input.ImageFact{}
	onHost := read
	onHost.Facts.Host.CgroupV1 = true
	restated := read
	restated.Container = &input.Container{}
	for name, test := range map[string]struct {
		doc  input.Document
		want bool
	}{
		"read": {read, true}, "looked up": {looked, false}, "of the host": {onHost, false}, "of a container": {restated, false},
		"work": {input.FromRequest(input.Request{Method: "POST", URI: "/containers/a/stop"}), false}, "unknown": {input.FromRequest(input.Request{URI: "/x"}), false},
	} {
		if got := alone(test.doc); got != test.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestSettledIsBounded(t *testing.T) {
	s := newSettled(siteEngine(t, `input.user.name == "mallory"`))
	v := &verdict{doc: input.FromRequest(input.Request{Method: "GET", URI: "/_ping"}), decision: policy.Decision{Allow: true}}
	for i := range 2 * maxSettled {
		envelope := fmt.Appendf(nil, "%d", i)
		if s.keep(envelope, authorization.Request{}, v); s.find(envelope) == nil {
			t.Fatalf("request %d is not settled", i)
		}
	}
	if n := len(s.verdicts); n != maxSettled {
		t.Errorf("%d requests are settled, want %d", n, maxSettled)
	}
	var none *settled
	if none.keep([]byte("a"), authorization.Request{}, v); none.find([]byte("a")) != nil {
		t.Error("something is settled without a policy")
	}
}

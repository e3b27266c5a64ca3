package policy

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bulwark-authz/bulwark/plugin/input"
)

const postgresException = `exceptions:
  - name: postgres-needs-root
    rules: [root_user]
    match: {images: [docker.io/library/postgres], operations: [ContainerCreate]}
    reason: its entrypoint drops privileges itself
    expires: 2027-03-31
`

// at is the engine with its clock set.
func at(e *Engine, now string) *Engine {
	e.now = func() time.Time {
		t, err := time.Parse(time.RFC3339, now)
		if err != nil {
			panic(err)
		}
		return t
	}
	return e
}

func TestExceptionLetsOneImagePass(t *testing.T) {
	engine := at(load(t, folder("settings.yaml", postgresException)), "2027-03-31T23:59:59Z")
	decision := decide(t, engine, create(`{"Image":"postgres","User":"0"}`))
	want := []Excepted{{Exception: "postgres-needs-root", Violation: Violation{
		Rule: "root_user", Field: "User", Msg: "the container would run as root (User is 0)",
		Fix: "use --user UID:GID, e.g. --user 1000:1000", Severity: "high", Title: "Container runs as root",
	}}}
	if diff := cmp.Diff(want, decision.Excepted); diff != "" || !decision.Allow || len(decision.Violations) > 0 {
		t.Errorf("%+v\n%s", decision, diff)
	}
	for name, doc := range map[string]input.Document{
		"another image":       create(`{"Image":"postgres2","User":"0"}`),
		"another rule's":      create(`{"Image":"postgres","User":"1000","HostConfig":{"Privileged":true}}`),
		"another image's too": create(`{"Image":"postgres","User":"0","HostConfig":{"Mounts":[{"Type":"image","Source":"busybox","Target":"/x"}]}}`),
	} {
		if decision := decide(t, engine, doc); decision.Allow {
			t.Errorf("%s is allowed: %+v", name, decision)
		}
	}
}

func TestExceptionEnds(t *testing.T) {
	engine := at(load(t, folder("settings.yaml", postgresException)), "2027-04-01T00:00:00Z")
	if decision := decide(t, engine, create(`{"Image":"postgres","User":"0"}`)); decision.Allow || len(decision.Excepted) > 0 {
		t.Errorf("after its end: %+v", decision)
	}
}

// TestExceptionNeverLiftsALockedRule: not even one that goes round the check
// of the settings.
func TestExceptionNeverLiftsALockedRule(t *testing.T) {
	locked := strings.Replace(strings.Replace(postgresException, "root_user", "self_protection", 1),
		"{images: [docker.io/library/postgres], operations: [ContainerCreate]}", "{operations: [PluginDisable]}", 1)
	_, err := LoadFS(folder("settings.yaml", locked), "/etc/bulwark")
	if err == nil || !strings.Contains(err.Error(), "/etc/bulwark/settings.yaml:3:13: ") {
		t.Errorf("error %v", err)
	}
	engine := load(t, folder())
	engine.settings.Exceptions = []Exception{{Name: "e", Rules: []string{"self_protection"}, Expires: Date{time.Now()}}}
	field, msg := "name", "x"
	f := finding{Rule: "self_protection", Enforcement: "deny", Exceptions: []string{"e"}}
	f.Violation.Field, f.Violation.Msg = &field, &msg
	if decision := engine.decide([]finding{f}); decision.Allow || len(decision.Excepted) > 0 {
		t.Errorf("lifted: %+v", decision)
	}
}

func TestNotices(t *testing.T) {
	engine := load(t, folder("settings.yaml", postgresException))
	for now, want := range map[string][]string{
		"2027-03-17T23:00:00Z": nil,
		"2027-03-18T00:00:00Z": {"settings.yaml:2: exception postgres-needs-root ends on 2027-03-31; what it lets pass will be denied after that"},
		"2027-03-31T23:00:00Z": {"settings.yaml:2: exception postgres-needs-root ends on 2027-03-31; what it lets pass will be denied after that"},
		"2027-04-01T00:00:00Z": {"settings.yaml:2: exception postgres-needs-root ended on 2027-03-31 and has no effect; remove it, or set a new date"},
	} {
		if diff := cmp.Diff(want, engine.Notices(at(engine, now).now())); diff != "" {
			t.Errorf("at %s: %s", now, diff)
		}
	}
}

// TestExceptionForAnExec: a request that enters a container is matched by what
// the engine tells of that, and explained with it.
func TestExceptionForAnExec(t *testing.T) {
	const settings = "exceptions:\n  - {name: debugging, rules: [exec_privileged], match: {names: [db], labels: {team: data}}, reason: for now, expires: 2999-03-31}\n"
	engine := load(t, folder("settings.yaml", settings))
	exec := func(fact input.ContainerFact) input.Document {
		doc := input.FromRequest(input.Request{Method: "POST", URI: "/v1.41/containers/3ea8/exec", Body: []byte(`{"User":"1000","Privileged":true,"Cmd":["id"]}`)})
		doc.Facts.Containers["3ea8"] = fact
		return doc
	}
	db := input.ContainerFact{State: input.Found, Name: "db", Labels: map[string]string{"team": "data"}}
	if decision := decide(t, engine, exec(db)); !decision.Allow || len(decision.Excepted) != 1 {
		t.Errorf("it is not covered: %+v", decision)
	}
	web := input.ContainerFact{State: input.Found, Name: "web", Labels: map[string]string{"team": "shop"}}
	explanation, err := engine.Explain(context.Background(), exec(web))
	if err != nil || explanation.Decision.Allow {
		t.Fatalf("error %v, decision %+v", err, explanation.Decision)
	}
	for _, rule := range explanation.Rules {
		if rule.Rule != "exec_privileged" {
			continue
		}
		want := []Unmet{
			{Criterion: "labels", Wanted: map[string]any{"team": "data"}, Found: map[string]string{"team": "shop"}},
			{Criterion: "names", Wanted: []any{"db"}, Found: "web"},
		}
		if diff := cmp.Diff(want, rule.Exceptions[0].Unmet); diff != "" {
			t.Error(diff)
		}
	}
}

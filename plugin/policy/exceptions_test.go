package policy

import (
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

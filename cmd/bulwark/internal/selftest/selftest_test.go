package selftest

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bulwark-authz/bulwark/plugin/policy"
	"github.com/bulwark-authz/bulwark/policies"
)

const socket = "docker run --user 1000:1000 -v /var/run/docker.sock:/var/run/docker.sock busybox"

// plain is compiled once.
var plain = sync.OnceValues(func() (*policy.Engine, error) { return policy.New(policy.Settings{}) })

func run(t *testing.T, settings policy.Settings) Report {
	t.Helper()
	engine, err := plain()
	if err != nil {
		t.Fatal(err)
	}
	if engine, err = engine.With(settings); err != nil {
		t.Fatal(err)
	}
	report, err := Run(context.Background(), engine, map[string]int{"mode": 2})
	if err != nil {
		t.Fatal(err)
	}
	if report.Fired < 100 || report.Fired != report.Denied+len(report.Passed)+len(report.Stricter) {
		t.Fatalf("%d fired, %d denied, %d and %d passed", report.Fired, report.Denied, len(report.Passed), len(report.Stricter))
	}
	return report
}

// opened says which settings let each escape of one rule through.
func opened(report Report, rule string) map[string]string {
	found := map[string]string{}
	for _, e := range report.Passed {
		if e.Rule == rule {
			found[e.Command] = fmt.Sprint(names(e.OpenedBy), e.Together)
		}
	}
	return found
}

func TestProfilesDenyTheirEscapes(t *testing.T) {
	baseline := run(t, policy.Settings{})
	if len(baseline.Passed) != 0 || len(baseline.Stricter) == 0 {
		t.Errorf("%d passed, %d need another profile", len(baseline.Passed), len(baseline.Stricter))
	}
	for _, e := range baseline.Stricter {
		if e.Profile != "restricted" {
			t.Errorf("%s, of profile %s, passes: %s", e.Rule, e.Profile, e.Command)
		}
	}
	if restricted := run(t, policy.Settings{Profile: "restricted"}); restricted.Denied != restricted.Fired {
		t.Errorf("%+v and %+v pass", restricted.Passed, restricted.Stricter)
	}
}

func TestSettingsThatOpen(t *testing.T) {
	all := []any{map[string]any{"path": "/"}}
	for name, test := range map[string]struct {
		settings policy.Settings
		rule     string
		want     map[string]string
	}{
		"enforcement": {policy.Settings{Rules: map[string]policies.Override{"privileged": {Enforcement: "dryrun"}}}, "privileged",
			map[string]string{"docker run --privileged --user 1000:1000 busybox": "[rules.privileged.enforcement] false"}},
		"either": {policy.Settings{Rules: map[string]policies.Override{"docker_socket": {Enforcement: "off"}, "host_binds": {Enforcement: "off"}}}, "docker_socket",
			map[string]string{socket: "[rules.docker_socket.enforcement rules.host_binds.enforcement] false"}},
		"params": {policy.Settings{Rules: map[string]policies.Override{"docker_socket": {Enforcement: "off"}, "host_binds": {Params: map[string]any{"allowed": all}}}}, "docker_socket",
			map[string]string{socket: "[rules.docker_socket.enforcement rules.host_binds.params.allowed] false"}},
		"together": {policy.Settings{Mode: policy.Audit, Rules: map[string]policies.Override{"privileged": {Enforcement: "off"}, "root_user": {Enforcement: "off"}}}, "privileged",
			map[string]string{"docker run --privileged --user 1000:1000 busybox": "[mode rules.privileged.enforcement] true"}},
		"exception": {policy.Settings{Exceptions: []policy.Exception{{
			Name: "e", Rules: []string{"privileged"}, Match: policy.Match{Operations: []string{"ContainerCreate"}}, Reason: "r",
			Expires: policy.Date{Time: time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)},
		}}}, "privileged", map[string]string{"docker run --privileged --user 1000:1000 busybox": "[exceptions.e] false"}},
		"what makes it stricter": {policy.Settings{Rules: map[string]policies.Override{"privileged": {Enforcement: "deny"}}}, "privileged", map[string]string{}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, opened(run(t, test.settings), test.rule)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestText(t *testing.T) {
	report := Report{
		Profile: "baseline", Fired: 9, Denied: 3,
		Passed: []Escape{
			{Rule: "a", Command: "docker a", OpenedBy: []Opening{{Setting: "mode", Value: "audit", Line: 2}}},
			{Rule: "b", Command: "docker b", OpenedBy: []Opening{{Setting: "mode", Value: "audit", Line: 2}}},
			{Rule: "c", Command: "docker \x1b[31mc", OpenedBy: []Opening{{Setting: "mode"}, {Setting: "exceptions.e"}}, Together: true},
			{Rule: "d", Command: "docker d", OpenedBy: []Opening{{Setting: "rules.d.params.x"}, {Setting: "rules.e.enforcement", Value: "off"}}},
		},
		Stricter: []Escape{{Rule: "e", Profile: "restricted", Command: "docker e"}, {Rule: "f", Profile: "restricted", Command: "docker f"}},
	}
	const want = `9 escapes fired at profile baseline: 3 denied, 4 let through by settings

mode: audit (settings.yaml:2) lets 2 escapes through:
  a                    docker a
  b                    docker b

mode and exceptions.e, which must all be taken back, let 1 escape through:
  c                    docker \u001b[31mc

rules.d.params.x and rules.e.enforcement: off, of which one must be taken back, let 1 escape through:
  d                    docker d

2 more pass because they need profile: restricted`
	if diff := cmp.Diff(want+" (--all lists them)\n", report.Text(false)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(want+":\n  e                    docker e\n  f                    docker f\n", report.Text(true)); diff != "" {
		t.Error(diff)
	}
}

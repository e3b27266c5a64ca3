package policy

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/bulwark-authz/bulwark/plugin/input"
	"github.com/bulwark-authz/bulwark/policies"
)

// scratch has a function, a negation, a set and params, and two ways to deny.
const scratch = `# METADATA
# title: Scratch space
# description: Host paths are for scratch space only.
# schemas:
#   - input: schema.input
#   - data.custom.rules.scratch.params: {type: object, additionalProperties: false, properties: {below: {type: array, items: {type: string}}}}
# custom: {severity: low, operations: [ContainerCreate], remediation: use a volume}
package custom.rules.scratch

import rego.v2

import data.custom.rules.scratch.params

deny contains {"field": mount.field, "msg": $"{mount.source} is no scratch space"} if {
	some mount in binds
	not allowed(mount)
}

deny contains {"field": "Tty", "msg": "no terminal beside scratch space"} if {
	some mount in binds
	mount.target == "/tty"
	input.container.tty
}

binds contains mount if {
	some mount in input.container.mounts
	mount.type == "bind"
}

allowed(mount) if {
	some prefix in params.below
	startswith(mount.source, prefix)
}
`

func scratchSite(settings string) fstest.MapFS {
	return folder(
		"rules/scratch/scratch.rego", strings.ReplaceAll(scratch, "input.container.tty", "input.container.privileged.value"),
		"rules/scratch/data.yaml", "params: {below: [/scratch]}\n",
		"settings.yaml", settings,
	)
}

// scratchEngine is compiled once.
var scratchEngine = sync.OnceValues(func() (*Engine, error) { return LoadFS(scratchSite(""), "/etc/bulwark") })

// under is the engine with the scratch rule under other settings.
func under(t *testing.T, settings string) *Engine {
	t.Helper()
	engine, err := scratchEngine()
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := parseSettings(SettingsFile, []byte(settings), engine.bundle)
	if err != nil {
		t.Fatal(err)
	}
	if engine, err = engine.With(parsed); err != nil {
		t.Fatal(err)
	}
	return engine
}

func explain(t *testing.T, engine *Engine, doc input.Document) Explanation {
	t.Helper()
	explanation, err := engine.Explain(context.Background(), doc)
	if err != nil {
		t.Fatal(err)
	}
	return explanation
}

func explained(t *testing.T, engine *Engine, rule string, doc input.Document) Explained {
	t.Helper()
	rules := explain(t, engine, doc).Rules
	i := slices.IndexFunc(rules, func(r Explained) bool { return r.Rule == rule })
	if i < 0 {
		t.Fatalf("rule %s is not explained", rule)
	}
	return rules[i]
}

func binding(binds string) input.Document {
	return create(fmt.Sprintf(`{"Image":"busybox","User":"1000","HostConfig":{"Binds":[%s]}}`, binds))
}

func TestExplainTellsWhatARuleReadAndWhyItFired(t *testing.T) {
	const file = "/etc/bulwark/rules/scratch/scratch.rego"
	params := &Source{By: ByRule}
	want := Explained{
		Rule: "scratch", Verdict: Fired, Enforcement: Deny, SetBy: Source{By: ByRule},
		Findings: []Violation{{
			Rule: "scratch", Field: "HostConfig.Binds[1]", Msg: "/etc is no scratch space", Fix: "use a volume", Severity: "low", Title: "Scratch space",
		}},
		Reads: []Read{
			{Path: "input.container.mounts[0].type", Value: "volume"},
			{Path: "input.container.mounts[1].type", Value: "bind"},
			{Path: "data.custom.rules.scratch.params.below[0]", Value: "/scratch", SetBy: params},
			{Path: "input.container.mounts[1].source", Value: "/etc"},
			{Path: "input.container.mounts[1].field", Value: "HostConfig.Binds[1]"},
			{Path: "input.container.mounts[1].target", Value: "/x"},
		},
		Ways: []Way{
			{File: file, Line: 14, Denied: true},
			{File: file, Line: 21, Condition: `mount.target == "/tty"`, Reads: []Read{{Path: "input.container.mounts[1].target", Value: "/x"}}},
		},
	}
	if diff := cmp.Diff(want, explained(t, under(t, ""), "scratch", binding(`"data:/d","/etc:/x"`))); diff != "" {
		t.Error(diff)
	}
}

func TestExplainTellsWhyARuleDidNotFire(t *testing.T) {
	const file = "/etc/bulwark/rules/scratch/scratch.rego"
	const settings = "profile: restricted\nrules: {scratch: {params: {below: [/srv]}}}"
	for name, test := range map[string]struct {
		binds string
		want  Way
	}{
		"nothing to look at": {"", Way{File: file, Line: 15, Condition: "some mount in binds", Because: &Place{
			File: file, Line: 26, Text: "some mount in input.container.mounts",
		}, Reads: []Read{{Path: "input.container.mounts", Value: []any{}, Empty: true}}}},
		"a rule that it asks is true": {`"/srv/a:/x"`, Way{File: file, Line: 16, Condition: "not allowed(mount)", Because: &Place{
			File: file, Line: 30, Text: "allowed(mount)", Met: true,
		}, Reads: []Read{
			{Path: "data.custom.rules.scratch.params.below[0]", Value: "/srv", SetBy: &Source{By: BySettings, Name: "rules.scratch.params.below"}},
			{Path: "input.container.mounts[0].source", Value: "/srv/a"},
		}}},
	} {
		t.Run(name, func(t *testing.T) {
			rule := explained(t, under(t, settings), "scratch", binding(test.binds))
			if diff := cmp.Diff(test.want, rule.Ways[0]); diff != "" || rule.Verdict != Silent {
				t.Errorf("%s: %s", rule.Verdict, diff)
			}
		})
	}
}

func TestExplainTellsWhatDecided(t *testing.T) {
	const excepting = "exceptions: [{name: e, rules: [scratch], match: {operations: [ContainerCreate]}, reason: r, expires: 2030-01-01}]"
	starting := input.FromRequest(input.Request{Method: "POST", URI: "/v1.41/containers/web/start"})
	for name, test := range map[string]struct {
		settings, rule string
		doc            input.Document
		want           Explained
	}{
		"the default":  {"", "scratch", binding(`"/etc:/x"`), Explained{Verdict: Fired, Enforcement: Deny, SetBy: Source{By: ByRule}}},
		"the settings": {"rules: {scratch: {enforcement: dryrun}}", "scratch", binding(`"/etc:/x"`), Explained{Verdict: Logged, Enforcement: Dryrun, SetBy: Source{By: BySettings, Name: "rules.scratch.enforcement"}}},
		"off":          {"rules: {scratch: {enforcement: off}}", "scratch", binding(`"/etc:/x"`), Explained{Verdict: Unasked, Enforcement: Off, SetBy: Source{By: BySettings, Name: "rules.scratch.enforcement"}}},
		"audit":        {"mode: audit", "scratch", binding(`"/etc:/x"`), Explained{Verdict: Logged, Enforcement: Dryrun, SetBy: Source{By: BySettings, Name: "mode"}}},
		"off in audit": {"{mode: audit, rules: {scratch: {enforcement: off}}}", "scratch", binding(`"/etc:/x"`), Explained{Verdict: Unasked, Enforcement: Off, SetBy: Source{By: BySettings, Name: "rules.scratch.enforcement"}}},
		"an exception": {excepting, "scratch", binding(`"/etc:/x"`), Explained{Verdict: Lifted, Enforcement: Deny, SetBy: Source{By: ByRule}, Exceptions: []ExceptionCheck{{Name: "e", Covers: true}}}},
		"nothing":      {"", "scratch", binding(""), Explained{Verdict: Silent, Enforcement: Deny, SetBy: Source{By: ByRule}}},
		"the lock": {"mode: audit", "self_protection", input.FromRequest(input.Request{Method: "POST", URI: "/plugins/bulwark/disable"}),
			Explained{Verdict: Fired, Enforcement: Deny, SetBy: Source{By: ByLock}, Locked: true}},
		"the start gate": {"rules: {start_gate: {enforcement: dryrun}}", "root_user", starting, Explained{Verdict: Logged, Enforcement: Dryrun, SetBy: Source{By: ByStartGate}}},
	} {
		t.Run(name, func(t *testing.T) {
			got := explained(t, under(t, test.settings), test.rule, test.doc)
			rest := cmpopts.IgnoreFields(Explained{}, "Rule", "Findings", "Reads", "Ways")
			if test.rule == "root_user" { // whether it fires depends on what is known of the container
				rest = cmp.Options{rest, cmpopts.IgnoreFields(Explained{}, "Verdict")}
			}
			if diff := cmp.Diff(test.want, got, rest); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestExplainTellsWhyAnExceptionDoesNotCover(t *testing.T) {
	engine := under(t, `
exceptions:
- {name: others, rules: [scratch], match: {users: [bob], images: [quay.io/x], names: [db], labels: {a: b}}, reason: r, expires: 2030-01-01}
- {name: over, rules: [scratch], match: {operations: [ContainerCreate]}, reason: r, expires: 2020-01-01}
- {name: elsewhere, rules: [cap_add], match: {operations: [ContainerCreate]}, reason: r, expires: 2030-01-01}
`)
	engine.now = func() time.Time { return time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC) }
	want := []ExceptionCheck{
		{Name: "others", Unmet: []Unmet{
			{"images", []any{"quay.io/x"}, []string{"docker.io/library/busybox"}},
			{"labels", map[string]any{"a": "b"}, map[string]string{}},
			{"names", []any{"db"}, "web"},
			{"users", []any{"bob"}, ""},
		}},
		{Name: "over", Ended: "2020-01-01"},
	}
	if diff := cmp.Diff(want, explained(t, engine, "scratch", binding(`"/etc:/x"`)).Exceptions); diff != "" {
		t.Error(diff)
	}
}

func TestExplainARuleThatFails(t *testing.T) {
	files := scratchSite("")
	files["rules/scratch/scratch.rego"].Data = []byte(strings.Replace(scratch, "input.container.tty", "to_number(mount.source) > 1", 1))
	rule := explained(t, load(t, files), "scratch", binding(`"/scratch/a:/tty"`))
	if rule.Verdict != Fired || !strings.HasPrefix(rule.Findings[0].Msg, "the rule failed on this request, so it is denied: ") {
		t.Errorf("%+v", rule)
	}
}

func TestExplainAPolicyOfOpaDockerAuthz(t *testing.T) {
	engine := load(t, folder("rules/authz.rego", "package docker.authz\n\nallow := false\n", "settings.yaml", "rules: {docker_authz: {enforcement: dryrun}}"))
	const msg = "the policy in the package docker.authz does not allow the request"
	want := Explained{
		Rule: AuthzRule, Verdict: Logged, Enforcement: Dryrun, SetBy: Source{By: BySettings, Name: "rules.docker_authz.enforcement"},
		Findings: []Violation{{Rule: AuthzRule, Msg: msg}},
	}
	if diff := cmp.Diff(want, explained(t, engine, AuthzRule, binding("")), cmpopts.IgnoreFields(Violation{}, "Severity", "Title")); diff != "" {
		t.Error(diff)
	}
}

// TestExplainAgreesWithDecide: what explains a decision must not be another one.
func TestExplainAgreesWithDecide(t *testing.T) {
	rules, err := policies.Rules()
	if err != nil {
		t.Fatal(err)
	}
	engine, err := New(Settings{Profile: "restricted", Rules: map[string]policies.Override{"root_user": {Enforcement: "dryrun"}}})
	if err != nil {
		t.Fatal(err)
	}
	fired, asked := 0, 0
	for i, rule := range rules {
		examples, err := rule.Examples()
		if err != nil {
			t.Fatal(err)
		}
		if i%3 > 0 || len(examples.Deny) == 0 { // each takes a while
			continue
		}
		asked++
		request := examples.Deny[0].Request
		body, err := request.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		doc := input.FromRequest(input.Request{Method: request.Method, URI: request.URI, Headers: request.Headers, Body: body})
		explanation := explain(t, engine, doc)
		if diff := cmp.Diff(decide(t, engine, doc), explanation.Decision); diff != "" {
			t.Error(diff)
		}
		var denied, logged []Violation
		for _, r := range explanation.Rules {
			switch r.Verdict {
			case Fired:
				denied = append(denied, r.Findings...)
				fired++
				if !slices.ContainsFunc(r.Ways, func(w Way) bool { return w.Denied }) || len(r.Reads) == 0 {
					t.Errorf("rule %s fired, nobody knows where: %+v", r.Rule, r)
				}
			case Logged:
				logged = append(logged, r.Findings...)
			}
		}
		if diff := cmp.Diff(explanation.Decision.Violations, denied); diff != "" {
			t.Errorf("%s: %s", rule.Name, diff)
		}
		if diff := cmp.Diff(explanation.Decision.Dryrun, logged); diff != "" {
			t.Errorf("%s: %s", rule.Name, diff)
		}
	}
	if fired < asked/2 || asked < 10 {
		t.Errorf("%d rules fired on the examples of %d", fired, asked)
	}
}

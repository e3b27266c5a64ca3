package plugin

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bulwark-authz/bulwark/plugin/decisionlog"
	"github.com/bulwark-authz/bulwark/plugin/facts"
	"github.com/bulwark-authz/bulwark/plugin/input"
	"github.com/bulwark-authz/bulwark/plugin/policy"
)

// read gets a path of the plugin's socket.
func (e *engine) read(t *testing.T, path string) (contentType, text string) {
	t.Helper()
	resp, err := e.http.Get("http://plugin" + path)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%s: status %d, error %v", path, resp.StatusCode, err)
	}
	return resp.Header.Get("Content-Type"), string(body)
}

// decideThree allows, denies by two rules, or refuses, by method.
func decideThree(_ context.Context, doc input.Document) (policy.Decision, error) {
	found := func(rule, field string) policy.Violation {
		return policy.Violation{Rule: rule, Field: field, Msg: "text"}
	}
	switch doc.Method {
	case "GET":
		return policy.Decision{Allow: true, Dryrun: []policy.Violation{found("a", "x")}}, nil
	case "POST":
		return policy.Decision{Violations: []policy.Violation{found("a", "x"), found("a", "y"), found("b", "x")}}, nil
	}
	return policy.Decision{}, io.ErrUnexpectedEOF
}

// TestMetrics holds the names, which dashboards and alerts are built on.
func TestMetrics(t *testing.T) {
	a, _ := newTestAuthorizer(t, decideThree)
	for _, method := range []string{"GET", "GET", "POST", "POST", "POST", "PUT"} {
		req := createRequest
		req.RequestMethod = method
		a.AuthZReq(req)
	}
	contentType, text := start(t, a).read(t, MetricsPath)
	if contentType != "text/plain; version=0.0.4; charset=utf-8" {
		t.Errorf("Content-Type %s", contentType)
	}
	text = regexp.MustCompile(`(?m)^bulwark_decision_seconds_(bucket|sum).*\n`).ReplaceAllString(text, "")
	const want = `# HELP bulwark_decision_seconds
# TYPE bulwark_decision_seconds histogram
bulwark_decision_seconds_count 6
# HELP bulwark_decisions_total
# TYPE bulwark_decisions_total counter
bulwark_decisions_total{outcome="allow"} 2
bulwark_decisions_total{outcome="deny"} 3
bulwark_decisions_total{outcome="refuse"} 1
# HELP bulwark_findings_total
# TYPE bulwark_findings_total counter
bulwark_findings_total{rule="a",enforcement="deny"} 3
bulwark_findings_total{rule="a",enforcement="dryrun"} 2
bulwark_findings_total{rule="b",enforcement="deny"} 3
# HELP bulwark_policy_reloads_total
# TYPE bulwark_policy_reloads_total counter
bulwark_policy_reloads_total{result="failed"} 0
bulwark_policy_reloads_total{result="ok"} 0
# HELP bulwark_log_lines_lost_total
# TYPE bulwark_log_lines_lost_total counter
bulwark_log_lines_lost_total{sink="file"} 0
bulwark_log_lines_lost_total{sink="stdout"} 0
# HELP bulwark_lookups_total
# TYPE bulwark_lookups_total counter
bulwark_lookups_total{result="failed"} 0
bulwark_lookups_total{result="found"} 0
bulwark_lookups_total{result="missing"} 0
# HELP bulwark_policy_loaded_timestamp_seconds
# TYPE bulwark_policy_loaded_timestamp_seconds gauge
bulwark_policy_loaded_timestamp_seconds 0
# HELP bulwark_policy_reload_failed
# TYPE bulwark_policy_reload_failed gauge
bulwark_policy_reload_failed 0
`
	if diff := cmp.Diff(want, text); diff != "" {
		t.Error(diff)
	}
}

// TestStatus holds the exact JSON, which bulwark doctor and others read.
func TestStatus(t *testing.T) {
	log := newTestLog(t)
	a := New(log.Log, facts.NewGatherer(facts.NewEngine("", "/does/not/exist.sock"), facts.Host{}))
	a.Describe(About{Version: "v1", Config: "/etc/bulwark", LogFile: "/var/log/decisions", Landlock: 4})
	e := start(t, a)
	times := regexp.MustCompile(`"\d{4}-\d\d-\d\dT[^"]*"`)
	check := func(policy string) {
		t.Helper()
		contentType, text := e.read(t, StatusPath)
		want := `{"version":"v1","config":"/etc/bulwark","log_file":"/var/log/decisions","landlock":4,"started":"T","policy":` + policy +
			`,"decisions":{"allow":0,"deny":0,"refuse":0},"log":{"stdout_lines_lost":0,"file_lines_lost":0},` +
			`"lookups":{"enabled":true,"found":0,"missing":0,"failed":0,"error":"asking the engine: dial unix /does/not/exist.sock: connect: no such file or directory"}}` + "\n"
		if diff := cmp.Diff(want, times.ReplaceAllString(text, `"T"`)); diff != "" || contentType != "application/json" {
			t.Errorf("Content-Type %s\n%s", contentType, diff)
		}
	}
	check(`{"rules":0}`)

	engine, err := policy.New(policy.Settings{Profile: "restricted", Mode: policy.Audit})
	if err != nil {
		t.Fatal(err)
	}
	rules := 0
	for _, rule := range engine.Rules() {
		if rule.Enforcement == policy.Deny || rule.Enforcement == policy.Dryrun {
			rules++
		}
	}
	inForce := fmt.Sprintf(`{"loaded":"T","hash":"123","profile":"restricted","mode":"audit","rules":%d`, rules)
	a.Adopt(policy.Loaded{Engine: engine, Hash: "123"})
	check(inForce + `}`)
	a.Adopt(policy.Loaded{Err: io.ErrUnexpectedEOF})
	check(inForce + `,"error":"unexpected EOF","error_since":"T"}`)
	a.Adopt(policy.Loaded{Engine: engine, Hash: "123"})
	check(inForce + `}`)
}

// TestNothingElseIsServed: what no engine asks for must not be an answer.
func TestNothingElseIsServed(t *testing.T) {
	a, _ := newTestAuthorizer(t, allowAll)
	e := start(t, a)
	for _, target := range []string{"POST /status", "DELETE /metrics", "GET /", "GET /status/x", "GET " + filepath.Join("/debug", "pprof")} {
		method, path, _ := strings.Cut(target, " ")
		req, err := http.NewRequestWithContext(t.Context(), method, "http://plugin"+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := e.http.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode < http.StatusBadRequest {
			t.Errorf("%s: status %d", target, resp.StatusCode)
		}
	}
}

// BenchmarkCounts is what counting costs a decision.
func BenchmarkCounts(b *testing.B) {
	c := newCounts()
	for b.Loop() {
		c.decided(decisionlog.Entry{Outcome: decisionlog.Allow}, time.Millisecond)
	}
}

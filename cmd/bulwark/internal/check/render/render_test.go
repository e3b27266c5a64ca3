package render

import (
	"encoding/json"
	"encoding/xml"
	"slices"
	"strings"
	"testing"

	"github.com/bulwark-authz/bulwark/cmd/bulwark/internal/check"
	"github.com/bulwark-authz/bulwark/cmd/bulwark/internal/check/place"
	"github.com/bulwark-authz/bulwark/plugin/policy"
)

func finding(rule, severity string, line int) check.Finding {
	return check.Finding{Violation: policy.Violation{Rule: rule, Severity: severity, Title: "Title of " + rule, Field: "HostConfig.X",
		Msg: "something \x1b[2Jwould happen", Fix: "leave it out"}, Place: place.Place{File: "some dir/compose.yaml", Key: "services.web.x", Line: line}}
}

var sample = check.Report{Sources: []check.Source{
	{Name: "some dir/compose.yaml", Kind: check.Compose, Requests: []check.Request{
		{Subject: "service web", Outcome: check.Deny, Violations: []check.Finding{finding("a", "critical", 7), finding("a", "critical", 9), finding("b", "medium", 0)}},
		{Subject: "service db", Outcome: check.Allow, Dryrun: []check.Finding{finding("c", "high", 3)}},
		{Subject: "service odd", Outcome: check.Refuse, Message: "no <answer>"},
	}},
	{Name: "docker run alpine", Kind: check.Command, Requests: []check.Request{
		{Subject: "create container", Outcome: check.Deny, Violations: []check.Finding{finding("a", "low", 0)}},
		{Subject: "start container", Outcome: check.Deny, Violations: []check.Finding{finding("a", "low", 0)}},
	}, Notes: []string{"no engine"}},
}}

func render(t *testing.T, format string) string {
	t.Helper()
	var b strings.Builder
	if err := Write(&b, format, sample); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestSARIF holds what is written against the parts of SARIF 2.1.0 that are
// required, and against GitHub's reading of it.
func TestSARIF(t *testing.T) {
	var log sarifLog
	decoder := json.NewDecoder(strings.NewReader(render(t, "sarif")))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&log); err != nil {
		t.Fatal(err)
	}
	if log.Version != "2.1.0" || !strings.HasSuffix(log.Schema, "sarif-2.1.0.json") || len(log.Runs) != 1 || log.Runs[0].Tool.Driver.Name == "" {
		t.Errorf("log %+v", log)
	}
	var ids []string
	for _, rule := range log.Runs[0].Tool.Driver.Rules {
		ids = append(ids, rule.ID)
	}
	if !slices.Equal(ids, []string{"a", "b", "c", undecided}) {
		t.Errorf("rules %q", ids)
	}
	var got []string
	for _, result := range log.Runs[0].Results {
		if !slices.Contains(ids, result.RuleID) || result.Message.Text == "" || len(result.Locations) != 1 || len(result.Locations[0].Logical) != 1 {
			t.Errorf("result %+v", result)
		}
		at := "-"
		if physical := result.Locations[0].Physical; physical != nil {
			at = physical.Artifact.URI
			if physical.Region != nil {
				at += " " + string(rune('0'+physical.Region.StartLine))
			}
		}
		got = append(got, result.RuleID+" "+result.Level+" "+at)
	}
	want := []string{"a error some%20dir/compose.yaml 7", "a error some%20dir/compose.yaml 9", "b warning some%20dir/compose.yaml",
		"c note some%20dir/compose.yaml 3", "undecided error some%20dir/compose.yaml", "a note -", "a note -"}
	if !slices.Equal(got, want) {
		t.Errorf("results\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestJUnit(t *testing.T) {
	var suites junitSuites
	if err := xml.Unmarshal([]byte(render(t, "junit")), &suites); err != nil {
		t.Fatal(err)
	}
	if suites.Tests != 5 || suites.Failures != 3 || suites.Errors != 1 || len(suites.Suites) != 2 {
		t.Errorf("suites %+v", suites)
	}
	cases := suites.Suites[0].Cases
	if cases[0].Failure.Message != "a, b" || cases[1].Failure != nil || !strings.Contains(cases[1].Out, "c: something") || cases[2].Error.Message != "no <answer>" {
		t.Errorf("cases %+v", cases)
	}
}

func TestText(t *testing.T) {
	const want = `some dir/compose.yaml
  denied: service web
    a (critical): something \x1b[2Jwould happen
      at:  some dir/compose.yaml:7 services.web.x (HostConfig.X)
      fix: leave it out
    a (critical): something \x1b[2Jwould happen
      at:  some dir/compose.yaml:9 services.web.x (HostConfig.X)
      fix: leave it out
    b (medium): something \x1b[2Jwould happen
      at:  services.web.x (HostConfig.X)
      fix: leave it out
  allowed: service db
    would be denied (dryrun) by c (high): something \x1b[2Jwould happen
      at:  some dir/compose.yaml:3 services.web.x (HostConfig.X)
      fix: leave it out
  refused: service odd
    could not be decided on: no <answer>

docker run alpine
  denied: create container
    a (low): something \x1b[2Jwould happen
      at:  services.web.x (HostConfig.X)
      fix: leave it out
  denied: start container
    as above: a
  note: no engine

5 requests: 1 allowed, 3 denied, 1 refused
`
	if got := render(t, "text"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

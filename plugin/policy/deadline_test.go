package policy

import (
	"context"
	"errors"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestSlowRuleDeniesByItsName: a rule that does not end is told from the others,
// and what it does is up to its enforcement.
func TestSlowRuleDeniesByItsName(t *testing.T) {
	const slow = "the rule failed on this request, so it is denied: it took too long, more than 1s"
	for enforcement, want := range map[string]Decision{
		"deny":   {Violations: []Violation{{Rule: "site", Msg: slow, Fix: "an administrator of the host can mend the rule"}}},
		"dryrun": {Allow: true, Dryrun: []Violation{{Rule: "site", Msg: slow, Fix: "an administrator of the host can mend the rule"}}},
	} {
		t.Run(enforcement, func(t *testing.T) {
			t.Parallel()
			engine := load(t, slowSite(enforcement))
			got := decide(t, engine, create(`{"Image":"busybox","User":"1000"}`))
			for _, violations := range [][]Violation{got.Violations, got.Dryrun} {
				for i := range violations {
					violations[i].Severity, violations[i].Title = "", ""
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestSlowRuleIsNamed: where there is no time to ask each rule, the error says
// which one it was spent on.
func TestSlowRuleIsNamed(t *testing.T) {
	engine := load(t, slowSite("dryrun"))
	ctx, cancel := context.WithTimeout(context.Background(), evalTime+evalTime/2)
	defer cancel()
	decision, err := engine.Decide(ctx, create(`{"Image":"busybox","User":"1000"}`))
	at := new(InterruptedError)
	if !errors.As(err, &at) || at.Rule != "site" || decision.Allow {
		t.Errorf("decision %+v, error %v", decision, err)
	}
}

func TestSlowRuleIsExplained(t *testing.T) {
	engine := load(t, slowSite("deny"))
	started := time.Now()
	explanation, err := engine.Explain(context.Background(), create(`{"Image":"busybox","User":"1000"}`))
	if err != nil {
		t.Fatal(err)
	}
	for _, rule := range explanation.Rules {
		if rule.Rule == "site" && rule.Verdict != Fired {
			t.Errorf("verdict %s", rule.Verdict)
		}
	}
	if took := time.Since(started); took > 10*evalTime {
		t.Errorf("it took %v", took)
	}
}

func TestSlowAuthzPolicyDenies(t *testing.T) {
	engine := load(t, folder("rules/authz.rego", "package docker.authz\n\nallow if {\n\t"+endless+"\n}\n"))
	const want = "docker_authz: the policy in the package docker.authz failed: it took too long, more than 1s"
	if diff := cmp.Diff(want, decide(t, engine, create(`{"Image":"busybox","User":"1000"}`)).Message()); diff != "" {
		t.Error(diff)
	}
}

func slowSite(enforcement string) fstest.MapFS {
	return folder("rules/site/site.rego", siteRule(endless), "settings.yaml", "rules: {site: {enforcement: "+enforcement+"}}\n")
}

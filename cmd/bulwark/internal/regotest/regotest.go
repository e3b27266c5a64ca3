// Package regotest tries the rules of a site: its tests, and the examples of
// every rule.
package regotest

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/bulwark-authz/bulwark/cmd/bulwark/internal/hint"
	"github.com/bulwark-authz/bulwark/cmd/bulwark/internal/judge"
	"github.com/bulwark-authz/bulwark/plugin/policy"
	"github.com/bulwark-authz/bulwark/policies"
)

// Report is what tests and examples came to.
type Report struct {
	policy.TestReport
	Examples Examples `json:"examples"`
}

// Examples are those of all rules.
type Examples struct {
	// Site and BuiltIn count them.
	Site    int `json:"site"`
	BuiltIn int `json:"built_in"`
	// Wrong are those with another verdict than they say.
	Wrong []Example `json:"wrong"`
}

// Example is a request that is not decided as it says.
type Example struct {
	Rule    string `json:"rule"`
	Command string `json:"command"`
	// Wanted is deny or allow.
	Wanted  string   `json:"wanted"`
	Problem string   `json:"problem"`
	Found   []string `json:"found,omitempty"`
}

// Failed reports whether anything is wrong. A rule without a test is not.
func (r Report) Failed() bool {
	return len(r.Faults) > 0 || len(r.Examples.Wrong) > 0 ||
		slices.ContainsFunc(r.Tests, func(t policy.TestResult) bool { return !t.Passed && !t.Skipped })
}

// Run tries the rules of a configuration folder. run is a pattern for names of
// tests; when it is given, examples are not tried.
func Run(ctx context.Context, dir, run string) (Report, error) {
	engine, err := policy.Load(dir)
	if err != nil {
		return Report{}, err
	}
	tests, err := engine.Test(ctx, dir, run)
	if err == nil && run != "" && len(tests.Tests) == 0 {
		err = hint.Wrap(fmt.Errorf("no test matches %q", run), "give a part of the name of a test, such as test_deny; bulwark test DIR runs them all")
	}
	if err != nil || run != "" {
		return Report{TestReport: tests, Examples: Examples{Wrong: []Example{}}}, err
	}
	examples, err := tryExamples(ctx, engine)
	return Report{tests, examples}, err
}

func tryExamples(ctx context.Context, engine *policy.Engine) (Examples, error) {
	all := Examples{Wrong: []Example{}}
	bySite, err := inForce(engine)
	if err != nil {
		return all, err
	}
	builtIn, err := builtInEngines()
	if err != nil {
		return all, err
	}
	for _, rule := range engine.Rules() {
		judged, count := bySite, &all.Site
		if !rule.Site {
			judged, count = builtIn[rule.Profile], &all.BuiltIn
		}
		examples, err := rule.Examples()
		if err != nil {
			return all, err
		}
		for wanted, list := range map[string][]policies.Example{"allow": examples.Allow, "deny": examples.Deny} {
			for _, example := range list {
				*count++
				wrong, err := try(ctx, judged, rule, example, wanted)
				if err != nil {
					return all, fmt.Errorf("rule %s, %s: %w", rule.Name, command(example), err)
				}
				all.Wrong = append(all.Wrong, wrong...)
			}
		}
	}
	slices.SortStableFunc(all.Wrong, func(a, b Example) int { return strings.Compare(a.Rule+a.Wanted, b.Rule+b.Wanted) })
	return all, nil
}

// inForce is the engine with all rules of the site in force, whatever is being
// tried out with them, and without exceptions.
func inForce(engine *policy.Engine) (*policy.Engine, error) {
	settings := engine.Settings()
	settings.Mode, settings.Exceptions = policy.Enforce, nil
	settings.Rules = maps.Clone(settings.Rules)
	if settings.Rules == nil {
		settings.Rules = map[string]policies.Override{}
	}
	for _, rule := range engine.Rules() {
		if rule.Site {
			settings.Rules[rule.Name] = policies.Override{Enforcement: string(policy.Deny), Params: settings.Rules[rule.Name].Params}
		}
	}
	return engine.With(settings)
}

// builtInEngines have the built-in rules alone, as each profile sets them.
func builtInEngines() (map[string]*policy.Engine, error) {
	bundle, err := policies.Load()
	if err != nil {
		return nil, err
	}
	plain, err := policy.New(policy.Settings{})
	if err != nil {
		return nil, err
	}
	engines := map[string]*policy.Engine{}
	for profile := range bundle.Profiles {
		if engines[profile], err = plain.With(policy.Settings{Profile: profile}); err != nil {
			return nil, err
		}
	}
	return engines, nil
}

// try decides on one example. What other rules of the site find does not count:
// a rule that is added must not break the examples of the others.
func try(ctx context.Context, engine *policy.Engine, rule policy.Rule, example policies.Example, wanted string) ([]Example, error) {
	doc, err := judge.Example(example)
	if err != nil {
		return nil, err
	}
	decision, err := engine.Decide(ctx, doc)
	if err != nil {
		return nil, err
	}
	own, others := false, []string{}
	for _, v := range decision.Violations {
		switch {
		case v.Rule == rule.Name:
			own = true
		case !isSite(engine, v.Rule):
			others = append(others, v.String())
		}
	}
	wrong := Example{Rule: rule.Name, Command: command(example), Wanted: wanted, Found: others}
	switch {
	case wanted == "deny" && !own:
		wrong.Problem = "the rule does not deny it"
	case wanted == "deny" && rule.Site && len(others) > 0:
		wrong.Problem = "other rules deny it, too, so that it does not show what this one is for"
	case wanted == "allow" && (own || len(others) > 0):
		wrong.Problem, wrong.Found = "it is denied", findings(decision, rule.Name, others)
	default:
		return nil, nil
	}
	return []Example{wrong}, nil
}

func isSite(engine *policy.Engine, name string) bool {
	return name == policies.AuthzRule || slices.ContainsFunc(engine.Rules(), func(r policy.Rule) bool { return r.Name == name && r.Site })
}

func findings(decision policy.Decision, rule string, others []string) []string {
	var all []string
	for _, v := range decision.Violations {
		if v.Rule == rule {
			all = append(all, v.String())
		}
	}
	return append(all, others...)
}

func command(example policies.Example) string {
	if example.CLI != "" {
		return example.CLI
	}
	return example.Request.Method + " " + example.Request.URI
}

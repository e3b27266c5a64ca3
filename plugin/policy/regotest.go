package policy

import (
	"cmp"
	"context"
	"maps"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/cover"
	"github.com/open-policy-agent/opa/v1/tester"
	"github.com/open-policy-agent/opa/v1/topdown"

	"github.com/bulwark-authz/bulwark/plugin/input"
	"github.com/bulwark-authz/bulwark/policies"
)

// TestReport is what the tests of a site's rules came to.
type TestReport struct {
	Tests []TestResult `json:"tests"`
	// Coverage has a file of Rego each, tests aside.
	Coverage []Coverage `json:"coverage"`
	// Faults are inputs that a test makes up and that no request has.
	Faults []string `json:"faults,omitempty"`
	// Untested are the rules of the site for which no test ran.
	Untested []string `json:"untested,omitempty"`
}

// TestResult is what one test came to.
type TestResult struct {
	Name    string `json:"name"`
	File    string `json:"file"`
	Line    int    `json:"line"`
	Passed  bool   `json:"passed"`
	Skipped bool   `json:"skipped,omitempty"`
	// Error is that of a test that could not be evaluated.
	Error string `json:"error,omitempty"`
	// Unmet are the conditions at which it failed, the test's own first, then
	// those of its helpers.
	Unmet []Condition `json:"unmet,omitempty"`
}

// Condition is one that was not met, and the values that it was about.
type Condition struct {
	Line   int     `json:"line"`
	Text   string  `json:"text"`
	Values []Value `json:"values,omitempty"`
}

// Value is a part of a condition and what it came to, as Rego.
type Value struct {
	Text  string `json:"text"`
	Value string `json:"value"`
}

// Coverage says which lines of a file tests evaluated.
type Coverage struct {
	File string `json:"file"`
	// Percent is of lines.
	Percent    float64 `json:"percent"`
	NotCovered []int   `json:"not_covered"`
}

// Test runs the tests of the rules in the configuration folder that the engine
// was loaded from, with the default params of the rules and the site's data. run
// is a pattern for names of tests, such as data.custom.rules.team_label_test.test_deny;
// "" is all.
func (e *Engine) Test(ctx context.Context, dir, run string) (TestReport, error) {
	site := policies.Site{Files: os.DirFS(dir), Dir: dir, Operations: input.Operations()}
	modules, err := e.bundle.WithTests(site)
	if err != nil {
		return TestReport{}, err
	}
	defaults := Settings{Profile: e.settings.Profile}
	chain, err := defaults.chain(e.bundle)
	if err != nil {
		return TestReport{}, err
	}
	trace := newTestTracer()
	results, err := policies.RunTests(ctx, modules, defaults.data(e.bundle, defaults.catalogue(e.bundle, chain)), run, trace)
	if err != nil {
		return TestReport{}, err
	}
	report := TestReport{Tests: []TestResult{}, Coverage: coverage(site, trace.Report(modules))}
	for _, result := range results {
		report.Tests = append(report.Tests, testResult(result, trace))
	}
	_, faults := trace.CheckInputs(func() any { return &input.Document{} })
	for _, fault := range faults {
		report.Faults = append(report.Faults, fault.Error())
	}
	if run == "" {
		report.Untested = untested(e.bundle, report.Tests)
	}
	return report, nil
}

func testResult(result *tester.Result, trace *testTracer) TestResult {
	told := TestResult{
		Name: result.Name, File: result.Location.File, Line: result.Location.Row, Passed: result.Pass(), Skipped: result.Skip,
	}
	switch {
	case topdown.IsCancel(result.Error):
		told.Error = "it took too long"
	case result.Error != nil:
		told.Error = result.Error.Error()
	case result.Fail:
		told.Unmet = trace.unmet[result.Package+"."+result.Name]
	}
	return told
}

// coverage is that of the site's own files, sorted by name.
func coverage(site policies.Site, report cover.Report) []Coverage {
	all := []Coverage{}
	for _, file := range slices.Sorted(maps.Keys(report.Files)) {
		if !strings.HasPrefix(file, path.Join(site.Dir)+"/") || strings.HasSuffix(file, "_test.rego") {
			continue
		}
		of := Coverage{File: file, Percent: report.Files[file].Coverage, NotCovered: []int{}}
		for _, lines := range report.Files[file].NotCovered {
			for row := lines.Start.Row; row <= lines.End.Row; row++ {
				of.NotCovered = append(of.NotCovered, row)
			}
		}
		of.NotCovered = slices.Compact(of.NotCovered) // a line may have several parts
		all = append(all, of)
	}
	return all
}

func untested(bundle *policies.Bundle, tests []TestResult) []string {
	var names []string
	for _, rule := range bundle.Rules {
		ran := slices.ContainsFunc(tests, func(t TestResult) bool { return path.Dir(t.File) == path.Dir(rule.File) && !t.Skipped })
		if rule.Site && !ran {
			names = append(names, rule.Name)
		}
	}
	return names
}

// firstText is what stands at a place, or else what OPA calls it.
func firstText(at *ast.Location, other string) string {
	if at == nil || len(at.Text) == 0 {
		return other
	}
	return cmp.Or(sourceLine(at), other)
}

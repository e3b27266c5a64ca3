package policy

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const teamLabelTest = `package custom.rules.team_label_test

import rego.v2

import data.custom.rules.team_label

test_deny_without_a_team if denied(labelled({}))

test_allow_a_team if {
	team_label.deny == set() with input as labelled({"team": "three"})
}

test_allow_each if {
	every team in ["one", "four"] { not denied(labelled({"team": team})) }
}

test_helper if denied(labelled({"team": "two"}))

test_error if to_number("x") == 1

todo_test_later if false

denied(request) if count(team_label.deny) == 1 with input as request

labelled(labels) := {"operation": "ContainerCreate", "container": {"labels": labels}}
`

// testFolder is a site on the disk; a pair of arguments is a file.
func testFolder(t *testing.T, pairs ...string) (string, *Engine) {
	t.Helper()
	dir := t.TempDir()
	for name, file := range site(pairs...) {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), file.Data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	engine, err := Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	return dir, engine
}

// runTests runs a site's tests; the folder is called DIR in what comes back.
func runTests(t *testing.T, run string, pairs ...string) (TestReport, error) {
	t.Helper()
	dir, engine := testFolder(t, pairs...)
	report, err := engine.Test(context.Background(), dir, run)
	for i := range report.Tests {
		report.Tests[i].File = strings.Replace(report.Tests[i].File, dir, "DIR", 1)
		report.Tests[i].Error = strings.Replace(report.Tests[i].Error, dir, "DIR", 1)
	}
	for i := range report.Coverage {
		report.Coverage[i].File = strings.Replace(report.Coverage[i].File, dir, "DIR", 1)
	}
	return report, err
}

func TestRegoTestsOfASite(t *testing.T) {
	report, err := runTests(t, "", "rules/team_label/team_label_test.rego", teamLabelTest,
		"rules/other/other.rego", strings.ReplaceAll(teamLabel, "team_label", "other"),
		"lib/name/name.rego", "package custom.lib.name\n\nimport rego.v2\n\nlong(name) if count(name) > 5\n",
		"lib/name/name_test.rego", "package custom.lib.name_test\n\nimport rego.v2\n\nimport data.custom.lib.name\n\ntest_long if name.long(\"abcdef\")\n")
	if err != nil {
		t.Fatal(err)
	}
	const file = "DIR/rules/team_label/team_label_test.rego"
	labels := func(text string) string {
		return `{"container": {"labels": ` + text + `}, "operation": "ContainerCreate"}`
	}
	want := TestReport{
		Tests: []TestResult{
			{Name: "test_long", File: "DIR/lib/name/name_test.rego", Line: 7, Passed: true},
			{Name: "test_deny_without_a_team", File: file, Line: 7, Passed: true},
			{Name: "test_allow_a_team", File: file, Line: 9, Unmet: []Condition{
				{Line: 10, Text: `team_label.deny == set() with input as labelled({"team": "three"})`, Values: []Value{
					{"left", `{{"field": "Labels", "msg": "the container says no team that there is"}}`}, {"right", "set()"},
				}},
			}},
			{Name: "test_allow_each", File: file, Line: 13, Unmet: []Condition{
				{Line: 14, Text: `every team in ["one", "four"] { not denied(labelled({"team": team})) }`},
				{Line: 14, Text: `not denied(labelled({"team": team}))`, Values: []Value{{"team", `"four"`}}},
			}},
			{Name: "test_helper", File: file, Line: 17, Unmet: []Condition{
				{Line: 17, Text: `denied(labelled({"team": "two"}))`, Values: []Value{{`labelled({"team": "two"})`, labels(`{"team": "two"}`)}}},
				{Line: 23, Text: "count(team_label.deny) == 1 with input as request", Values: []Value{{"left", "0"}, {"right", "1"}}},
			}},
			{Name: "test_error", File: file, Line: 19, Error: "DIR/rules/team_label/team_label_test.rego:19: eval_builtin_error: to_number: strconv.ParseFloat: parsing \"x\": invalid syntax"},
			{Name: "todo_test_later", File: file, Line: 21, Skipped: true},
		},
		Coverage: []Coverage{
			{File: "DIR/lib/name/name.rego", Percent: 100, NotCovered: []int{}},
			{File: "DIR/rules/other/other.rego", Percent: 0, NotCovered: []int{12, 13, 14}},
			{File: "DIR/rules/team_label/team_label.rego", Percent: 100, NotCovered: []int{}},
		},
		Untested: []string{"other"},
	}
	if diff := cmp.Diff(want, report); diff != "" {
		t.Error(diff)
	}
}

func TestRegoTestsByName(t *testing.T) {
	report, err := runTests(t, "team_label_test.test_deny", "rules/team_label/team_label_test.rego", teamLabelTest)
	if err != nil {
		t.Fatal(err)
	}
	if len(report.Tests) != 1 || !report.Tests[0].Passed || report.Untested != nil {
		t.Errorf("%+v", report)
	}
}

func TestRegoTestsSeeDefaultParamsAndData(t *testing.T) {
	files := scratchSite("rules: {scratch: {params: {below: [/elsewhere]}}}")
	report, err := runTests(t, "", "rules/scratch/scratch.rego", string(files["rules/scratch/scratch.rego"].Data),
		"rules/scratch/data.yaml", string(files["rules/scratch/data.yaml"].Data), "settings.yaml", string(files["settings.yaml"].Data),
		"rules/scratch/scratch_test.rego", `package custom.rules.scratch_test

import rego.v2

test_default if data.custom.rules.scratch.params.below == ["/scratch"]

test_data if data.site.teams.names == ["one", "two"]
`)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range report.Tests {
		if !test.Passed {
			t.Errorf("%+v", test)
		}
	}
}

func TestRegoTestsCannotInventAnInput(t *testing.T) {
	report, err := runTests(t, "", "rules/team_label/team_label_test.rego", strings.Replace(teamLabelTest, `"container": {`, `"container": {"lables": 1, `, 1))
	if err != nil {
		t.Fatal(err)
	}
	const want = `rules/team_label/team_label_test.rego:7:1: test_deny_without_a_team uses an input that no request has: there is no "lables"
{"container": {"labels": {}, "lables": 1}, "operation": "ContainerCreate"}`
	if len(report.Faults) != 1 || !strings.HasSuffix(report.Faults[0], want) {
		t.Errorf("%q", report.Faults)
	}
}

func TestRegoTestsThatDoNotCompile(t *testing.T) {
	const head = "package custom.rules.team_label_test\n\nimport rego.v2\n\n"
	for name, test := range map[string]struct{ rego, want string }{
		"no Rego":            {head + "test_x if {\n", "team_label_test.rego:6:1: the file ends in the middle of a rule"},
		"empty":              {"\n", "team_label_test.rego: the file is empty; write a test into it, or remove it"},
		"another package":    {"package other\n\nimport rego.v2\n\ntest_x if true\n", "team_label_test.rego:1:1: the package must be custom.rules.team_label_test, after its folder"},
		"a rule that isn't":  {head + "test_x if count(data.custom.rules.team_lable.deny) == 0\n", "team_label_test.rego:5:17: there is no data.custom.rules.team_lable"},
		"data that isn't":    {head + "test_x if data.site.team == 1\n", "team_label_test.rego:5:11: there is no data.site.team"},
		"a refused function": {head + `test_x if http.send({"method": "get", "url": "http://x"})` + "\n", "http.send"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := runTests(t, "", "rules/team_label/team_label_test.rego", test.rego)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want %q in it", err, test.want)
			}
		})
	}
}

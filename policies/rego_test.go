package policies

import (
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/tester"
	"github.com/open-policy-agent/opa/v1/topdown"

	"github.com/bulwark-authz/bulwark/plugin/input"
)

// TestRego runs the tests of each folder with Rego in it, one subtest a
// folder: go test ./policies -run TestRego/rules/root_user
func TestRego(t *testing.T) {
	bundle, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	folders := regoFolders(t)
	if len(folders) < 2 {
		t.Fatalf("only %v have Rego in them", folders)
	}
	for _, folder := range folders {
		t.Run(folder, func(t *testing.T) {
			trace := NewTestTracer()
			modules := modulesOf(t, folder)
			runRego(t, bundle, modules, trace)
			reportUncovered(t, trace, modules)
			checkInputs(t, trace)
		})
	}
}

func regoFolders(t *testing.T) []string {
	t.Helper()
	found := map[string]bool{}
	err := filepath.WalkDir(".", func(file string, _ fs.DirEntry, err error) error {
		if filepath.Ext(file) == ".rego" {
			found[filepath.ToSlash(filepath.Dir(file))] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return slices.Sorted(maps.Keys(found))
}

// modulesOf parses the Rego of one folder, tests included, and of lib.
func modulesOf(t *testing.T, folder string) map[string]*ast.Module {
	t.Helper()
	modules := map[string]*ast.Module{}
	for _, dir := range append(regoFolders(t), folder) {
		if dir != folder && !strings.HasPrefix(dir, "lib/") {
			continue
		}
		names, err := filepath.Glob(dir + "/*.rego")
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			if dir != folder && strings.HasSuffix(name, "_test.rego") {
				continue
			}
			if modules[name], err = parse(os.DirFS("."), name, ParserOptions()); err != nil {
				t.Fatal(err)
			}
		}
	}
	return modules
}

// runRego fails the test for each Rego test that fails, and when none ran.
func runRego(t *testing.T, bundle *Bundle, modules map[string]*ast.Module, trace topdown.QueryTracer) {
	t.Helper()
	results, err := regoResults(t, bundle, modules, trace)
	if err != nil {
		t.Fatal(err)
	}
	for _, result := range results {
		if !result.Pass() {
			t.Errorf("%s: %s\n%v", result.Location, strings.TrimSpace(result.String()), result.Error)
		}
	}
	if len(results) == 0 {
		t.Error("no Rego test ran")
	}
}

// regoResults runs the tests in modules with the default params; trace may be
// nil. The error says that the modules do not compile.
func regoResults(t *testing.T, bundle *Bundle, modules map[string]*ast.Module, trace topdown.QueryTracer) ([]*tester.Result, error) {
	t.Helper()
	return RunTests(t.Context(), modules, map[string]any{"rules": defaultParams(bundle)}, "", trace)
}

func defaultParams(bundle *Bundle) map[string]any {
	params := map[string]any{}
	for _, rule := range bundle.Rules {
		if rule.Params != nil {
			params[rule.Name] = map[string]any{"params": rule.Params}
		}
	}
	return params
}

func reportUncovered(t *testing.T, trace *TestTracer, modules map[string]*ast.Module) {
	t.Helper()
	for file, report := range trace.Report(modules).Files {
		if strings.HasSuffix(file, "_test.rego") || strings.HasPrefix(file, "lib/") && !strings.Contains(t.Name(), path.Dir(file)) {
			continue
		}
		for _, uncovered := range report.NotCovered {
			t.Errorf("%s:%d: no test covers this line", file, uncovered.Start.Row)
		}
	}
}

// checkInputs keeps a test from inventing a field.
func checkInputs(t *testing.T, trace *TestTracer) {
	t.Helper()
	inputs, errs := trace.CheckInputs(func() any { return &input.Document{} })
	if inputs == 0 {
		t.Error("no test has an input")
	}
	for _, err := range errs {
		t.Error(err)
	}
}

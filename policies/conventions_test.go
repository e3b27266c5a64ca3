package policies

import (
	"bytes"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/format"

	"github.com/bulwark-authz/bulwark/plugin/input"
)

// rulesToCheck are the built-in rules; without any, a test checks nothing.
func rulesToCheck(t *testing.T) []Rule {
	t.Helper()
	rules, err := Rules()
	if err != nil {
		t.Fatal(err)
	}
	if len(rules) == 0 {
		t.Fatal("there are no rules")
	}
	return rules
}

// TestRulesCompile makes every check, which a start leaves to this test.
func TestRulesCompile(t *testing.T) {
	bundle, err := Read(files)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := bundle.Compile(); err != nil {
		t.Fatal(err)
	}
}

// TestIdleStagesChangeNothing compares what a start compiles with what all stages
// make of it.
func TestIdleStagesChangeNothing(t *testing.T) {
	modules, err := parseModules(files, testedOptions())
	if err != nil {
		t.Fatal(err)
	}
	want := ast.NewCompiler()
	if want.Compile(modules); want.Failed() {
		t.Fatal(want.Errors)
	}
	got, err := builtInCompiler()()
	if err != nil {
		t.Fatal(err)
	}
	for file, module := range want.Modules {
		if text := got.Modules[file].String(); text != module.String() {
			t.Errorf("%s becomes\n%s\nwant\n%s", file, text, module)
		}
		ast.WalkTerms(module, func(term *ast.Term) bool {
			if want.ComprehensionIndex(term) != nil {
				t.Errorf("%s:%d: the compiler makes an index for this, which a start does not", file, term.Location.Row)
			}
			return false
		})
	}
	if len(want.Modules) < 50 || len(got.Modules) != len(want.Modules) {
		t.Errorf("%d modules, want %d", len(got.Modules), len(want.Modules))
	}
}

func TestEachRuleIsOneFolder(t *testing.T) {
	for _, rule := range rulesToCheck(t) {
		folder := "rules/" + rule.Name
		allowed := []string{rule.Name + ".rego", rule.Name + "_test.rego", "examples.yaml"}
		if rule.ParamsSchema != nil {
			allowed = append(allowed, "data.yaml")
		}
		entries, err := os.ReadDir(folder)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, entry := range entries {
			names = append(names, entry.Name())
		}
		slices.Sort(allowed)
		slices.Sort(names)
		if !slices.Equal(names, allowed) {
			t.Errorf("%s holds %v, not %v", folder, names, allowed)
		}
	}
}

func TestRuleIsShort(t *testing.T) {
	const most = 60
	for _, rule := range rulesToCheck(t) {
		if lines := strings.Count(text(t, rule.file()), "\n"); lines > most {
			t.Errorf("%s has %d lines; a rule has at most %d", rule.file(), lines, most)
		}
	}
}

func TestParamsAreDescribed(t *testing.T) {
	checked := 0
	for _, rule := range rulesToCheck(t) {
		if rule.ParamsSchema == nil {
			continue
		}
		for name, param := range rule.ParamsSchema.Properties {
			checked++
			if param.Description == "" {
				t.Errorf("%s: param %s has no description in METADATA", rule.Name, name)
			}
		}
		if !strings.Contains(text(t, "rules/"+rule.Name+"/"+rule.Name+"_test.rego"), "\ntest_deny_when_params_are_missing if {") {
			t.Errorf("%s_test.rego needs test_deny_when_params_are_missing", rule.Name)
		}
	}
	if checked == 0 {
		t.Error("no rule has params")
	}
}

func TestRegoIsFormatted(t *testing.T) {
	checked := 0
	err := fs.WalkDir(os.DirFS("."), ".", func(file string, _ fs.DirEntry, err error) error {
		if err != nil || path.Ext(file) != ".rego" {
			return err
		}
		checked++
		source := []byte(text(t, file))
		formatted, err := format.SourceWithOpts(file, source, format.Opts{RegoVersion: ast.RegoV1})
		if err != nil {
			return err
		}
		if !bytes.Equal(source, formatted) {
			t.Errorf("%s is not formatted; run `opa fmt -w`. It should be:\n%s", file, formatted)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if checked == 0 {
		t.Error("there is no Rego")
	}
}

// TestOperationsExist: a rule that names an operation which no route has is
// never asked.
func TestOperationsExist(t *testing.T) {
	known := map[string]bool{EveryOperation: true, NoOperation: true}
	for _, id := range input.Operations() {
		known[id] = true
	}
	if len(known) < 100 {
		t.Fatalf("found only %d operations in the route table", len(known))
	}
	for _, rule := range rulesToCheck(t) {
		for _, operation := range rule.Operations {
			if !known[operation] {
				t.Errorf("%s claims %s, which is no operation", rule.Name, operation)
			}
		}
	}
}

// TestExamplesAreWhole sees to it that an example can be sent.
func TestExamplesAreWhole(t *testing.T) {
	for _, rule := range rulesToCheck(t) {
		examples, err := rule.Examples()
		if err != nil {
			t.Fatal(err)
		}
		if none := len(examples.Deny) == 0; none != (rule.Name == "unreviewed_operation") {
			t.Errorf("%s: a rule needs an example of what it denies, unless every operation has its rule", rule.Name)
		}
		for _, example := range slices.Concat(examples.Deny, examples.Allow) {
			if !strings.HasPrefix(example.Request.URI, "/") {
				t.Errorf("%s: the URI %q of an example does not start with /", rule.Name, example.Request.URI)
			}
			if _, err := example.Request.Bytes(); err != nil {
				t.Errorf("%s: the body of an example cannot be sent: %v", rule.Name, err)
			}
		}
	}
}

func (r Rule) file() string { return "rules/" + r.Name + "/" + r.Name + ".rego" }

func text(t *testing.T, file string) string {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

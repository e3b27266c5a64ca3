package main

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bulwark-authz/bulwark/policies"
)

func TestPagesAreFresh(t *testing.T) {
	rules := builtIn(t)
	pages, err := render(rules)
	if err != nil {
		t.Fatal(err)
	}
	if len(pages) != len(rules)+1 {
		t.Errorf("%d pages for %d rules and an index", len(pages), len(rules))
	}
	dir := filepath.Join("..", "..", "docs", "rules")
	for name, want := range pages {
		got, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Errorf("%v; run `make docs`", err)
			continue
		}
		if diff := cmp.Diff(string(got), string(want)); diff != "" {
			t.Errorf("%s is not fresh; run `make docs`:\n%s", name, diff)
		}
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if pages[filepath.Base(file)] == nil {
			t.Errorf("%s is the page of no rule; run `make docs`", file)
		}
	}
}

// sources are the input document's, from here.
var sources = filepath.Join("..", "..", inputSources)

func TestReferencesAreFresh(t *testing.T) {
	files, err := references(sources, builtIn(t))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range files {
		got, err := os.ReadFile(filepath.Join("..", "..", "docs", name))
		if err != nil {
			t.Errorf("%v; run `make docs`", err)
			continue
		}
		if diff := cmp.Diff(string(got), string(want)); diff != "" {
			t.Errorf("%s is not fresh; run `make docs`:\n%s", name, diff)
		}
	}
}

// TestInputPageIsComplete compares the page, made of the source, with the schema.
func TestInputPageIsComplete(t *testing.T) {
	page, err := newInputPage(sources, builtIn(t))
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join("..", "..", "policies", "schemas", "input.json"))
	if err != nil {
		t.Fatal(err)
	}
	type object struct{ Properties map[string]any }
	var schema struct {
		object
		Defs map[string]object `json:"$defs"`
	}
	if err := json.Unmarshal(text, &schema); err != nil {
		t.Fatal(err)
	}
	schema.Defs["Document"] = schema.object
	if len(page.Types) != len(schema.Defs) {
		t.Errorf("%d types, and %d in the schema", len(page.Types), len(schema.Defs))
	}
	for _, described := range page.Types {
		var names []string
		for _, field := range described.Fields {
			names = append(names, field.Name)
		}
		slices.Sort(names)
		if diff := cmp.Diff(slices.Sorted(maps.Keys(schema.Defs[described.Name].Properties)), names); diff != "" {
			t.Errorf("%s: %s", described.Name, diff)
		}
	}
}

func TestRunReplacesOldPages(t *testing.T) {
	docs := t.TempDir()
	dir := filepath.Join(docs, "rules")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	gone := filepath.Join(dir, "gone.md")
	if err := os.WriteFile(gone, []byte("old"), 0o644); err != nil {
		t.Fatal(err)
	}
	var stderr bytes.Buffer
	if code := run(docs, sources, &stderr); code != 0 || stderr.Len() > 0 {
		t.Fatalf("exit code %d: %s", code, stderr.String())
	}
	if _, err := os.Stat(gone); !os.IsNotExist(err) {
		t.Errorf("the page of a rule that is gone is still there: %v", err)
	}
	page, err := os.ReadFile(filepath.Join(dir, "host_binds.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"# Host path mounted\n", "severity critical, profile baseline", "docker run --user 1000:1000 -v /etc:/x busybox",
		"| `allowed` | list of {path, read_only} | `[]` |", "host_binds: {enforcement: dryrun}", `host_binds: {params: {"allowed":[]}}`, "CIS Docker Benchmark: 5.6",
	} {
		if !strings.Contains(string(page), want) {
			t.Errorf("the page lacks %q:\n%s", want, page)
		}
	}
}

func TestRunTellsWhatFailed(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	var stderr bytes.Buffer
	if code := run(file, sources, &stderr); code != 1 || !strings.HasPrefix(stderr.String(), "ruledoc: error: writing pages: ") {
		t.Errorf("exit code %d: %s", code, stderr.String())
	}
}

// TestControlsAreComplete counts the controls and refuses unknown ones.
func TestControlsAreComplete(t *testing.T) {
	tables, err := newIndex(builtIn(t))
	if err != nil {
		t.Fatal(err)
	}
	if len(tables.CIS) != 32 || len(tables.PSS) != 18 || len(tables.Others) == 0 {
		t.Errorf("%d controls of CIS section 5, %d of the others, %d of PSS", len(tables.CIS), len(tables.Others), len(tables.PSS))
	}
	rule := policies.Rule{Name: "sample", Custom: policies.Custom{CIS: []string{"5.99"}, PSS: []string{"baseline: Nothing"}}}
	_, err = newIndex([]policies.Rule{rule})
	if err == nil || !strings.Contains(err.Error(), `"5.99"`) || !strings.Contains(err.Error(), `"baseline: Nothing"`) {
		t.Errorf("error %v, want both controls in it", err)
	}
}

// TestEachControlIsAnswered: by a rule, or by why there can be none.
func TestEachControlIsAnswered(t *testing.T) {
	rules := builtIn(t)
	if !hasProfile(rules, "restricted") {
		t.Skip("the restricted profile has no rules yet, and many controls are its matter")
	}
	tables, err := newIndex(rules)
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range [][]control{tables.CIS, tables.PSS} {
		for _, c := range table {
			if len(c.Rules) == 0 && c.Why == "" {
				t.Errorf("control %s (%s) has no rule, and controls.yaml does not say why", c.ID, c.Title)
			}
		}
	}
}

// TestMissingKeyStopsThePage: no page is written with a hole in it.
func TestMissingKeyStopsThePage(t *testing.T) {
	if page, err := execute("rule.md.tmpl", map[string]any{"Name": "sample"}); err == nil {
		t.Errorf("a page without title:\n%s", page)
	}
}

func builtIn(t *testing.T) []policies.Rule {
	t.Helper()
	rules, err := policies.Rules()
	if err != nil {
		t.Fatal(err)
	}
	if len(rules) == 0 {
		t.Fatal("there are no rules")
	}
	return rules
}

func hasProfile(rules []policies.Rule, profile string) bool {
	for _, rule := range rules {
		if rule.Profile == profile {
			return true
		}
	}
	return false
}

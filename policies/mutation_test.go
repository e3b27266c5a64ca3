package policies

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/tester"
)

// TestMutantsAreKilled weakens each rule in every way that leaves one part of
// it out, and wants a test of that rule to notice: a way to deny that is gone,
// a condition that is gone. make mutate prints what it did.
func TestMutantsAreKilled(t *testing.T) {
	bundle, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	modules, err := bundle.modules()
	if err != nil {
		t.Fatal(err)
	}
	killed, survived := 0, 0
	for _, rule := range bundle.Rules {
		for _, m := range mutants(modules[rule.file()]) {
			if testsNotice(t, bundle, rule, m.module) {
				killed++
				continue
			}
			survived++
			t.Errorf("%s: no test of rule %s notices that %s is gone", rule.file(), rule.Name, m.what)
		}
	}
	if killed < 2*len(bundle.Rules) {
		t.Errorf("only %d mutants of %d rules", killed+survived, len(bundle.Rules))
	}
	t.Logf("%d of %d mutants killed", killed, killed+survived)
}

// mutant is a module with one part left out.
type mutant struct {
	what   string
	module *ast.Module
}

func mutants(original *ast.Module) []mutant {
	var all []mutant
	for i, rule := range original.Rules {
		without := original.Copy()
		without.Rules = slices.Delete(without.Rules, i, i+1)
		if rule.Head.Name == "deny" {
			all = append(all, mutant{fmt.Sprintf("deny in line %d", rule.Location.Row), without})
		}
		if len(rule.Body) < 2 {
			continue
		}
		for j, expr := range rule.Body {
			weaker := original.Copy()
			weaker.Rules[i].Body = slices.Delete(weaker.Rules[i].Body, j, j+1)
			for k := range weaker.Rules[i].Body {
				weaker.Rules[i].Body[k].Index = k
			}
			all = append(all, mutant{fmt.Sprintf("%q in line %d", strings.TrimSpace(string(expr.Location.Text)), expr.Location.Row), weaker})
		}
	}
	return all
}

// testsNotice reports whether a test of the rule fails with the mutant in the
// place of its module, or the mutant is no Rego at all.
func testsNotice(t *testing.T, bundle *Bundle, rule Rule, mutated *ast.Module) bool {
	t.Helper()
	modules := maps.Clone(modulesOf(t, "rules/"+rule.Name))
	modules[rule.file()] = mutated
	results, err := regoResults(t, bundle, modules, nil)
	return err != nil || slices.ContainsFunc(results, func(r *tester.Result) bool { return !r.Pass() })
}

package policy

import (
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"
)

func TestReads(t *testing.T) {
	const lib = `package lib

import rego.v2

name := input.user.name

double(x) := y if y := {x, input.method} else := input.path

late if time.now_ns() > 0

table[key] := value if some key, value in input.query
`
	for _, test := range []struct{ rule, want string }{
		{`deny if input.a.b == 1`, "input.a.b"},
		{`deny if input.a["b"].c`, "input.a.b.c"},
		{`deny if input.a[0].c`, "input.a"},
		{`deny if input.a[_].c`, "input.a"},
		{`deny if input.a[input.b]`, "input.a input.b"},
		{"deny if {\n\tsome x in [\"a\"]\n\tinput[x] == 1\n}", "input"},
		{"deny if {\n\tx := input\n\tx.a == 1\n}", "input"},
		{"deny if {\n\tx := input.a\n\tx.b == 1\n}", "input.a"},
		{"deny if {\n\tinput.a.b\n\tinput.a\n\tinput.ab\n}", "input.a input.ab"},
		{`deny contains input.a if true`, "input.a"},
		{`deny[input.a] := 1`, "input.a"},
		{`deny if count(input) == 0`, "input"},
		{`deny if not input.a`, "input.a"},
		{"deny if {\n\tevery x in input.a { x == input.b }\n}", "input.a input.b"},
		{`deny if count({x | some x in input.a}) > 0`, "input.a"},
		{`deny if $"{input.a}" == ""`, "input.a"},
		{"default deny := false\n\ndeny if input.a", "input.a"},
		{"deny := 1 if input.a else := 2 if input.b else := input.c", "input.a input.b input.c"},
		{"deny if other(input.a)\n\nother(x) if x == input.b", "input.a input.b"},
		{"deny if other\n\nother if input.a with input.b as 1", "input.a input.b"},
		{"deny if other with input as {}\n\nother if input.a", "input"},
		{`deny if data.lib.name == ""`, "input.user.name"},
		{`deny if data.lib.double(1)`, "input.method input.path"},
		{`deny if data.lib[input.a]`, "input.a input.method input.path input.query input.user.name, and more"},
		{`deny if data.lib.table[input.a]`, "input.a input.query"},
		{`deny if data.params.x`, ""},
		{`deny if data.lib.late`, ", and more"},
		{`deny if rand.intn("x", 2) == 1`, ", and more"},
	} {
		t.Run(test.rule, func(t *testing.T) {
			compiler := ast.NewCompiler().WithStrict(true)
			modules := map[string]*ast.Module{"lib": ast.MustParseModule(lib), "rule": ast.MustParseModule("package rules\n\nimport rego.v2\n\n" + test.rule)}
			if compiler.Compile(modules); compiler.Failed() {
				t.Fatal(compiler.Errors)
			}
			r := readsOf(compiler, ast.MustParseRef("data.rules.deny"))
			got := r.String()
			if !r.pure {
				got += ", and more"
			}
			if got != test.want {
				t.Errorf("reads %s, want %s", got, test.want)
			}
		})
	}
}

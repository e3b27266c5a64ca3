package vet

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/open-policy-agent/opa/v1/ast"
)

const testInput = `{
	"properties": {
		"kind": {"type": "string", "enum": ["read", "mutate", ""]},
		"user": {"$ref": "#/$defs/user"},
		"mounts": {"type": "array", "items": {"$ref": "#/$defs/mount"}},
		"labels": {"type": "object", "additionalProperties": {"type": "string"}},
		"images": {"type": "object", "additionalProperties": {"$ref": "#/$defs/image"}},
		"memory": {"type": ["integer", "null"]},
		"score": {"type": "integer"},
		"privileged": {"$ref": "#/$defs/flag"},
		"health": {"$ref": "#/$defs/health"},
		"exec": {"$ref": "#/$defs/exec"},
		"body": {}
	},
	"required": ["kind", "user", "mounts", "labels", "images", "memory", "score", "privileged", "health", "exec"],
	"$defs": {
		"user": {"type": "object", "additionalProperties": false, "properties": {"name": {"type": "string"}}, "required": ["name"]},
		"mount": {"type": "object", "additionalProperties": false, "required": ["type", "source", "read_only"],
			"properties": {"type": {"type": "string", "enum": ["bind", "volume"]}, "source": {"type": "string"}, "read_only": {"type": "boolean"}}},
		"image": {"type": "object", "additionalProperties": false, "properties": {"state": {"type": "string", "enum": ["found", "missing"]}}, "required": ["state"]},
		"flag": {"type": "object", "additionalProperties": false, "properties": {"value": {"type": "boolean"}}, "required": ["value"]},
		"health": {"type": "object", "additionalProperties": false, "properties": {"set": {"type": "boolean"}}, "required": ["set"]},
		"exec": {"type": ["object", "null"], "additionalProperties": false, "properties": {"tty": {"type": "boolean"}, "user": {"$ref": "#/$defs/text"}}, "required": ["tty", "user"]},
		"text": {"type": "object", "additionalProperties": false, "properties": {"value": {"type": "string"}}, "required": ["value"]}
	}
}`

// check is what is found in a rule; its first line is line 4.
func check(t *testing.T, rego string) []string {
	t.Helper()
	module, err := ast.ParseModuleWithOpts("x.rego", "package custom.rules.x\nimport rego.v2\n\n"+rego,
		ast.ParserOptions{RegoVersion: ast.RegoV1, Capabilities: ast.CapabilitiesForThisVersion()})
	if err != nil {
		t.Fatal(err)
	}
	compiler := ast.NewCompiler()
	if compiler.Compile(map[string]*ast.Module{"x.rego": module}); compiler.Failed() {
		t.Fatal(compiler.Errors)
	}
	input, err := Read([]byte(testInput))
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, fault := range Check(compiler, []Module{{Module: compiler.Modules["x.rego"], Input: input, Denies: true}}) {
		found = append(found, fmt.Sprintf("%d:%d: %s", fault.At.Row, fault.At.Col, fault.Text))
	}
	return found
}

func TestCheck(t *testing.T) {
	for rego, want := range map[string]string{
		// names
		"deny if {\n\tsome m in input.mounts\n\tbad(m)\n}\n\nbad(m) if m.sorce == \"/\"":                 `9:11: m.sorce: there is no "sorce" (did you mean "source"?)`,
		"deny if outer(input.mounts)\n\nouter(all) if inner(all[0])\n\ninner(m) if m.typ == \"a\"":       `8:13: m.typ: there is no "typ" (did you mean "type"?)`,
		"deny if bad({\"m\": input.mounts[0]})\n\nbad({\"m\": m}) if m.typ == \"a\"":                     `6:18: m.typ: there is no "typ" (did you mean "type"?)`,
		"deny if {\n\tm := first(input.mounts)\n\tm.typ == \"a\"\n}\n\nfirst(all) := all[0]":             `6:2: m.typ: there is no "typ" (did you mean "type"?)`,
		"deny if mount.typ == \"bind\"\n\nmount := input.mounts[0]":                                      `4:9: mount.typ: there is no "typ" (did you mean "type"?)`,
		"deny if {\n\tsome m in all\n\tm.typ == \"bind\"\n}\n\nall contains m if some m in input.mounts": `6:2: m.typ: there is no "typ" (did you mean "type"?)`,
		"deny if every m in input.mounts { m.typ == \"bind\" }":                                          `4:35: m.typ: there is no "typ" (did you mean "type"?)`,
		"deny if count([m | some m in input.mounts; m.typ == \"bind\"]) > 0":                             `4:44: m.typ: there is no "typ" (did you mean "type"?)`,
		"deny if count({m.typ | some m in input.mounts}) > 0":                                            `4:16: m.typ: there is no "typ" (did you mean "type"?)`,
		"deny if not input.images.nginx.stat == \"found\"":                                               `4:13: input.images.nginx.stat: there is no "stat" (did you mean "state"?)`,
		"deny if {\n\tkey := \"nme\"\n\tinput.user[key] == \"bob\"\n}":                                   `6:2: input.user[key]: there is no "nme" (did you mean "name"?)`,
		"deny if object.get(input.user, \"nme\", \"\") == \"\"":                                          `4:9: object.get: there is no "nme" (did you mean "name"?)`,
		"deny if object.get(input, [\"user\", \"nme\"], \"\") == \"\"":                                   `4:9: object.get: there is no "nme" (did you mean "name"?)`,
		// conditions
		"deny if not input.privileged":                           `4:13: this is never true, since input.privileged is always there; did you mean input.privileged.value?`,
		"deny if input.health":                                   `4:9: this is always true, since input.health is always there; ask for what is in it`,
		"deny if not input.memory":                               `4:13: this is never true, since input.memory is always there, null where there is none; write is_null(input.memory)`,
		"deny if input.exec":                                     `4:9: this is always true, since input.exec is always there, null where there is none; write input.exec != null`,
		"deny if not input.user.name":                            `4:13: this is never true, since input.user.name is always there, "" where there is none; write input.user.name == ""`,
		"deny if not input.mounts":                               `4:13: this is never true, since input.mounts is always there, if empty; write count(input.mounts) == 0`,
		"deny if input.labels":                                   `4:9: this is always true, since input.labels is always there, if empty; write count(input.labels) > 0`,
		"deny if input.score":                                    `4:9: this is always true, since input.score is always there, if 0; compare it with a number`,
		"deny if input.labels.a or input.score":                  `4:27: this is always true, since input.score is always there, if 0; compare it with a number`,
		"deny if {\n\tuser := input.user\n\tnot user.name\n}":    `6:6: this is never true, since user.name is always there, "" where there is none; write user.name == ""`,
		"deny if {\n\tsome m in input.mounts\n\tnot m.source\n}": `6:6: this is never true, since m.source is always there, "" where there is none; write m.source == ""`,
		"deny if {\n\tsome m in input.mounts\n\tnot m.type\n}":   `6:6: this is never true, since m.type is always there, and never empty; compare it with a word`,
		"deny if not count(input.mounts)":                        `4:9: this is never true: count gives a number, and 0 counts as true; compare it, as in count(...) > 0`,
		"deny if indexof(input.user.name, \"x\")":                `4:9: this is always true: indexof gives a number, and 0 counts as true; compare it, as in indexof(...) > 0`,
		// comparisons
		"deny if input.memory > \"1g\"":                                           `4:9: a number or null is compared with text, and what comes of that is the same for every request`,
		"deny if count(input.mounts) != \"0\"":                                    `4:9: a number is compared with text, and what comes of that is the same for every request`,
		"deny if big(input.memory)\n\nbig(n) if n == \"1\"":                       `6:11: a number or null is compared with text, and what comes of that is the same for every request`,
		"deny if is(input.user)\n\nis(u) if \"bob\" in [u]":                       `6:10: text is looked for among elements that are each an object, and is never there`,
		"deny if input.kind == \"mutat\"":                                         `4:9: kind is never "mutat" (did you mean "mutate"?)`,
		"deny if input.kind != \"write\"":                                         `4:9: kind is never "write" (there are mutate, read)`,
		"deny if {\n\tsome m in input.mounts\n\tm.type in {\"bind\", \"tmp\"}\n}": `6:2: type is never "tmp" (there are bind, volume)`,
		"deny if \"bnid\" in [m.type | some m in input.mounts]":                   `4:9: type is never "bnid" (did you mean "bind"?)`,
		"deny if input.images[input.user.name].state == \"none\"":                 `4:9: state is never "none" (there are found, missing)`,
		// rules
		"deny if input.labels.a\n\ndenny if input.labels.b":  `6:1: nothing uses denny (did you mean "deny"?)`,
		"deny if input.labels.a\n\ndefault allow := false\n": `6:1: nothing uses allow; a rule is asked for deny alone, so use it there, or remove it`,
		"deny if input.labels.a\n\nhelper(x) := x":           `6:1: nothing uses helper; a rule is asked for deny alone, so use it there, or remove it`,
	} {
		if diff := cmp.Diff(want, strings.Join(check(t, rego), "\n")); diff != "" {
			t.Errorf("%s\n%s", rego, diff)
		}
	}
}

// TestCheckAccepts: what is right, or not known to be wrong, is no fault.
func TestCheckAccepts(t *testing.T) {
	for _, rego := range []string{
		`deny if not input.privileged.value`,
		`deny if not input.labels.team`,
		`deny if not input.labels.team == "shop"`,
		`deny if input.labels.team != null`,
		`deny if input.memory == null`,
		`deny if input.memory > null`,
		`deny if not input.exec.tty`,
		`deny if input.exec == null`,
		`deny if not input.exec.user.value`,
		`deny if input.exec.user.value`,
		"deny if {\n\texec := input.exec\n\tnot exec.user\n}",
		`deny if not input.images[input.user.name].state`,
		`deny if not input.images.nginx.state`,
		`deny if input.images.nginx.state`,
		"deny if {\n\tsome m in input.mounts\n\tinput.images[m.source].state\n}",
		`deny if input.mounts[0].source`,
		`deny if not input.mounts[0].source`,
		"deny if {\n\tsome i\n\tinput.mounts[i].source\n}",
		`deny if input.mounts[_].source`,
		"deny if not first.source\n\nfirst := input.mounts[0]",
		`deny if input.body.HostConfig.Privilegd`,
		`deny if not input.body`,
		`deny if input.kind in {"read", ""}`,
		`deny if input.kind == input.user.name`,
		"deny if {\n\tsome kind in [\"read\", \"mutate\"]\n\tinput.kind == kind\n}",
		"deny if {\n\tsome name, value in input\n\tname == \"user\"\n\tvalue.name == \"bob\"\n}",
		"deny if {\n\twalk(input, [[\"user\", \"name\"], name])\n\tname == \"bob\"\n}",
		"deny if not input.user.nme with input as {\"user\": {\"nme\": \"bob\"}}",
		"deny if {\n\tx := object.get(input.labels, \"a\", 5)\n\tx == 5\n}",
		"deny if either(input.user) == \"bob\"\n\ndeny if either(input.mounts[0]) == \"/\"\n\neither(x) := x.name\n\neither(x) := x.source if x.type",
		"deny if {\n\tname := [\"one\", \"two\"][_]\n\ttables[name] == input.kind\n}\n\ntables.one := \"read\"\n\ntables.two := \"mutate\"",
		"deny if count(input.mounts, 1)",
		"deny if {\n\tlong(input.user.name)\n\tlong(input.mounts)\n}\n\nlong(x) if count(x) > 3",
		"deny if name(input.mounts[0]) == \"/\"\n\nname(x) := x.source if x.type\n\nname(x) := x.id if x.group",
		"deny if of(input.user.name)\n\nof(x) if x == \"bob\"\n\nof(x) if x > 5",
		"deny if {\n\t{\"name\": name} = input.user\n\tname == \"bob\"\n}",
		"deny if {\n\tx := {\"a\": input.exec}\n\tx.a.tty\n}",
		"deny if level == \"low\"\n\nlevel := \"low\" if input.score < 3 else := \"high\"",
	} {
		if found := check(t, rego); len(found) > 0 {
			t.Errorf("%s\n%s", rego, strings.Join(found, "\n"))
		}
	}
}

// TestCheckOnce: a function is checked once for what it is called with, however
// often that is made; this would not end otherwise.
func TestCheckOnce(t *testing.T) {
	const depth = 30
	for _, made := range [][]string{
		{"[x, input.kind]"},
		{"{x, input.kind}"},
		{`{"a": x}`},
		{"[y | y := x]"},
		{"{y | y := x}"},
		{"[x]", "{x}", `{"a": x}`},
	} {
		var rego strings.Builder
		rego.WriteString("deny if f0(input.user)\n\n")
		for i := range depth {
			calls := make([]string, len(made))
			for j, argument := range made {
				calls[j] = fmt.Sprintf("f%d(%s)", i+1, argument)
			}
			fmt.Fprintf(&rego, "f%d(x) if {\n\t%s\n}\n\n", i, strings.Join(calls, "\n\t"))
		}
		fmt.Fprintf(&rego, "f%d(x) if json.marshal(x) != input.user.name\n", depth)
		if found := check(t, rego.String()); len(found) > 0 {
			t.Errorf("%q\n%s", made, strings.Join(found, "\n"))
		}
	}
}

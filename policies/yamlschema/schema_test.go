package yamlschema

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"
)

const testSchema = `{
	"type": "object",
	"additionalProperties": false,
	"required": ["name"],
	"properties": {
		"name": {"type": "string", "minLength": 1},
		"mode": {"type": "string", "enum": ["enforce", "audit"], "description": "what becomes of a denial."},
		"port": {"type": "integer", "minimum": 1, "maximum": 65535},
		"share": {"type": "number"},
		"on": {"type": "boolean"},
		"host": {"type": "string", "format": "path"},
		"labels": {"type": "object", "minProperties": 1, "additionalProperties": {"type": "string"}, "description": "a: b"},
		"until": {"type": "string", "format": "date"},
		"paths": {"type": "array", "minItems": 1, "items": {"type": "string", "pattern": "^/", "description": "an absolute path"}},
		"rules": {"type": "object", "additionalProperties": {"type": "object", "additionalProperties": false, "properties": {"level": {"type": "string"}}}},
		"any": {},
		"open": {"type": "object"}
	}
}`

func TestCheck(t *testing.T) {
	for name, test := range map[string]struct {
		yaml string
		want []string
	}{
		"all is well":             {"name: a\nmode: audit\nport: 80\nshare: 0.5\non: true\npaths: [/a]\nrules: {x: {level: b}}\nany: [1, {a: b}]\nopen: {x: 1}\n", nil},
		"an integer is a number":  {"name: a\nshare: 2\n", nil},
		"unknown key":             {"name: a\nmoode: audit\n", []string{`2:1: unknown key "moode" (did you mean "mode"?)`}},
		"begins like a known key": {"name: a\nruleset: {}\n", []string{`2:1: unknown key "ruleset" (did you mean "rules"?)`}},
		"misspelt and needed":     {"nmae: a\n", []string{`1:1: unknown key "nmae" (did you mean "name"?)`}},
		"no space after a colon":  {"name: a\nrules: x:y\n", []string{"2:8: there must be a space behind the colon: `x: `"}},
		"unlike any known key":    {"name: a\ncolour: red\n", []string{`2:1: unknown key "colour"; known: any, host, labels, mode, name, on, open, paths, port, rules, share, until`}},
		"unknown key deep down":   {"name: a\nrules:\n  x: {levle: b}\n", []string{`3:7: unknown key "levle" (did you mean "level"?)`}},
		"missing key":             {"mode: audit\n", []string{`1:1: the document needs the key "name"`}},
		"a number for text":       {"name: 5\n", []string{`1:7: name must be text, not a number (5)`}},
		"text for a number":       {"name: a\nport: many\n", []string{`2:7: port must be a number, not text (many)`}},
		"a fraction":              {"name: a\nport: 1.5\n", []string{`2:7: port must be a number, not a number (1.5)`}},
		"below the minimum":       {"name: a\nport: 0\n", []string{`2:7: port must be at least 1, not 0`}},
		"above the maximum":       {"name: a\nport: 65536\n", []string{`2:7: port must be at most 65535, not 65536`}},
		"text for a switch":       {"name: a\non: yes\n", []string{`2:5: on must be true or false, not text (yes)`}},
		"nothing for a mapping":   {"name: a\nrules:\n", []string{`2:7: rules has no value; give it one, or remove the line`}},
		"a list for a mapping":    {"name: a\nrules: [x]\n", []string{`2:8: rules must be a mapping, not a list`}},
		"empty text":              {"name: \"\"\n", []string{`1:7: name must not be empty`}},
		"not one of the words":    {"name: a\nmode: audti\n", []string{`2:7: mode must be enforce or audit, not "audti" (did you mean "audit"?)`}},
		"an entry does not fit":   {"name: a\npaths: [/a, b]\n", []string{`2:13: paths[1] cannot be "b" (an absolute path)`}},
		"too few entries":         {"name: a\npaths: []\n", []string{`2:8: paths must not be an empty list`}},
		"a clean path":            {"name: a\nhost: /srv/data/\n", nil},
		"the root":                {"name: a\nhost: /\n", nil},
		"a path that leads back":  {"name: a\nhost: /srv/../etc\n", []string{`2:7: host must be written "/etc", not "/srv/../etc": that is what requests are compared with`}},
		"a path with two slashes": {"name: a\nhost: //srv\n", []string{`2:7: host must be written "/srv", not "//srv": that is what requests are compared with`}},
		"a mapping without keys":  {"name: a\nlabels: {}\n", []string{`2:9: labels must not be empty (a: b)`}},
		"a day without zeros":     {"name: a\nuntil: 2027-1-2\n", []string{`2:8: until must be a day, written YYYY-MM-DD, not 2027-1-2`}},
		"no day":                  {"name: a\nuntil: [2027-01-02]\n", []string{`2:8: until must be a day, written YYYY-MM-DD, not a list`}},
		"an alias":                {"name: &n a\nmode: *n\n", []string{`2:7: mode must be written out: YAML aliases are not read here`}},
		"an alias of itself":      {"name: a\nany: &x [*x]\n", nil},
		"a merge key":             {"name: a\n<<: {mode: audit}\n", []string{`2:1: unknown key "<<"; known: any, host, labels, mode, name, on, open, paths, port, rules, share, until`}},
		"not a mapping":           {"[name]\n", []string{`1:1: the document must be a mapping, not a list`}},
		"several at once":         {"mode: x\nport: y\n", []string{`1:7: mode must be enforce or audit, not "x" (what becomes of a denial)`, `2:7: port must be a number, not text (y)`, `1:1: the document needs the key "name"`}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, check(t, test.yaml)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func check(t *testing.T, document string) []string {
	t.Helper()
	schema, err := Parse([]byte(testSchema))
	if err != nil {
		t.Fatal(err)
	}
	var node yaml.Node
	if err := yaml.Unmarshal([]byte(document), &node); err != nil {
		t.Fatal(err)
	}
	var faults []string
	for _, fault := range schema.Check(&node) {
		faults = append(faults, fault.Error())
	}
	return faults
}

func TestFaultWithoutPosition(t *testing.T) {
	schema, err := Parse([]byte(testSchema))
	if err != nil {
		t.Fatal(err)
	}
	var node yaml.Node
	if err := node.Encode(map[string]any{"name": "a", "port": 0}); err != nil {
		t.Fatal(err)
	}
	if faults := schema.Check(&node); len(faults) != 1 || faults[0].Error() != "port must be at least 1, not 0" {
		t.Errorf("faults %v", faults)
	}
}

func TestParseRefuses(t *testing.T) {
	for name, schema := range map[string]string{
		"a keyword that is not checked": `{"type": "array", "maxItems": 3}`,
		"the same below properties":     `{"properties": {"a": {"oneOf": []}}}`,
		"the same below items":          `{"items": {"format": "uri"}}`,
		"the same below additional":     `{"additionalProperties": {"const": 1}}`,
		"an unknown type":               `{"properties": {"a": {"type": "text"}}}`,
		"a pattern that is none":        `{"items": {"pattern": "("}}`,
		"no JSON":                       `{`,
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := Parse([]byte(schema)); err == nil {
				t.Error("parsed without an error")
			}
		})
	}
}

func TestSchemaSurvivesJSON(t *testing.T) {
	schema, err := Parse([]byte(testSchema))
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(schema)
	if err != nil {
		t.Fatal(err)
	}
	var got, want any
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(testSchema), &want); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestRead(t *testing.T) {
	for text, want := range map[string][]string{
		"a: 1\n":                                 nil,
		"":                                       nil,
		"# nothing\n":                            nil,
		"a: {b: [1, {c: d}]}\n":                  nil,
		"a: 1\na: 2\n":                           {`2:1: key "a" is there twice`},
		"a: {b: 1, c: [{d: 1, d: 2}]}":           {`1:22: key "d" is there twice`},
		"80: http\n":                             {`1:1: a key must be text; write "80"`},
		"a: 1\n---\nb: 1\n":                      {"2:1: a second document begins after a line `---`; put everything into the first"},
		"a: 1\n---\n- [\n":                       {"2:1: a second document begins after a line `---`; put everything into the first"},
		"---\na: 1\n---\nb: 1\n":                 {"3:1: a second document begins after a line `---`; put everything into the first"},
		"a:\n\tb: 1\n":                           {"2:1: not YAML: a tab indents this line; use spaces"},
		"a:\n  - b\n  c: 1\n":                    {"3:3: not YAML: this line is indented unlike those that it belongs to"},
		"a: [1,\nb: 2\nc: 3\n":                   {"1:1: not YAML: a list in [ ] is not closed, or a comma is missing"},
		"a: {b: 1\nc: 2\n":                       {"1:1: not YAML: a mapping in { } is not closed, or a comma is missing"},
		"a: 'b\n":                                {"1:1: not YAML: text in quotes is not closed"},
		"a: b: c\n":                              {"1:1: not YAML: there is a `: ` where none can be; is a line above indented wrongly, or does text with `: ` in it want quotes?"},
		"a: @b\n":                                {"1:1: not YAML: a character that YAML keeps for itself; put the text into quotes"},
		"a: \"\\d\"\n":                           {`1:1: not YAML: a \ in "..." begins an escape; use '...'`},
		"a: *b\n":                                {"1:1: not YAML: YAML aliases must follow what they name"},
		"a: [\n" + strings.Repeat("# a\n", 2000): {"2001:1: not YAML: did not find expected node content"},
	} {
		node, faults := Read([]byte(text))
		var got []string
		for _, fault := range faults {
			got = append(got, fault.Error())
		}
		if diff := cmp.Diff(want, got); diff != "" || (node != nil) != (len(faults) == 0 && strings.HasPrefix(text, "a:")) {
			t.Errorf("%.20q: %v %s", text, node, diff)
		}
	}
}

func TestNearest(t *testing.T) {
	known := []string{"deny", "dryrun", "host_binds", "host_ports", "off"}
	for word, want := range map[string]string{
		"dry": "dryrun", "dny": "deny", "Off": "off", "host_bind": "host_binds", "host_bnids": "host_binds",
		"hostpath": "host_binds", "x": "", "": "", "warn": "", "entirely": "",
	} {
		if got := Nearest(word, known); got != want {
			t.Errorf("%q: %q, not %q", word, got, want)
		}
	}
}

package policies

import (
	"maps"
	"os"
	"strings"
	"testing"
	"testing/fstest"
)

// sample is a complete bundle with one rule; tests break it in one place.
const (
	sampleFile     = "rules/sample/sample.rego"
	sampleMetadata = `# METADATA
# title: Sample
# description: A rule for tests.
# related_resources:
#   - description: Docker
#     ref: https://docs.docker.com/
# schemas:
#   - input: schema.input
#   - data.rules.sample.params: {type: object, additionalProperties: false, properties: {allowed: {type: array, items: {type: string}}}}
# custom:
#   severity: low
#   operations: [ContainerCreate]
#   profile: baseline
#   remediation: do something else
`
	sampleHead = "package rules.sample\n\nimport rego.v2\n\nimport data.rules.sample.params\n\n"
	sampleDeny = `deny contains {"field": "User", "msg": $"{params.allowed}"} if input.operation == "x"` + "\n"
)

func sample(changes map[string]string) fstest.MapFS {
	files := map[string]string{
		sampleFile:                   sampleMetadata + sampleHead + sampleDeny,
		"rules/sample/data.yaml":     "params: {allowed: []}\n",
		"rules/sample/examples.yaml": "deny: [{request: {method: GET, uri: /}}]\nallow: [{request: {method: GET, uri: /}}]\n",
		"profiles/baseline.yaml":     "description: All there is.\n",
	}
	maps.Copy(files, changes)
	root := fstest.MapFS{}
	for name, content := range files {
		if content != "" {
			root[name] = &fstest.MapFile{Data: []byte(content)}
		}
	}
	return root
}

func TestReadSample(t *testing.T) {
	bundle, err := Read(sample(nil))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := bundle.Compile(); err != nil {
		t.Fatal(err)
	}
	if len(bundle.Rules) != 1 || bundle.Rules[0].Name != "sample" || bundle.Rules[0].Severity != "low" || bundle.Rules[0].Params["allowed"] == nil {
		t.Errorf("read %+v", bundle.Rules)
	}
}

// TestReadRefuses lists what must keep a bundle from being used at all.
func TestReadRefuses(t *testing.T) {
	metadata := func(old, new string) map[string]string {
		changed := strings.Replace(sampleMetadata, old, new, 1)
		if changed == sampleMetadata {
			t.Fatalf("the sample has no %q", old)
		}
		return map[string]string{sampleFile: changed + sampleHead + sampleDeny}
	}
	for name, test := range map[string]struct {
		changes map[string]string
		want    string
	}{
		"no METADATA":                 {map[string]string{sampleFile: sampleHead + sampleDeny}, ":1:1: METADATA is missing"},
		"no title":                    {metadata("# title: Sample\n", ""), `:2:3: the document needs the key "title" (what is refused, in a few words)`},
		"unknown key in custom":       {metadata("severity: low", "severity: low\n#   serverity: low"), `unknown key "serverity" (did you mean "severity"?)`},
		"misspelt severity":           {metadata("severity: low", "severity: lo"), `severity must be low or medium or high or critical, not "lo" (did you mean "low"?)`},
		"no operations":               {metadata("operations: [ContainerCreate]", "operations: []"), "custom.operations must not be an empty list"},
		"empty operation":             {metadata("[ContainerCreate]", `[""]`), `operations[0] cannot be ""`},
		"star with others":            {metadata("[ContainerCreate]", `["*", ContainerCreate]`), `"*" stands alone`},
		"CIS control as a number":     {metadata("severity: low", "severity: low\n#   cis: [5.10]"), "cis[0] must be text, not a number (5.10)"},
		"no schema of the input":      {metadata("#   - input: schema.input\n", ""), "needs `input: schema.input`"},
		"schema of something else":    {metadata("- input: schema.input", "- input: schema.input\n#   - data.rules.other.params: {type: object}"), "there can be `input: schema.input` and `data.rules.sample.params"},
		"schema of two things":        {metadata("schema.input\n#   - data", "schema.input\n#     data"), "each entry has one path and its schema"},
		"a schema that is none":       {metadata("{type: object, additionalProperties: false, properties: {allowed: {type: array, items: {type: string}}}}", "schema.input"), "`data.rules.sample.params: {type: object, ...}`"},
		"a resource that is none":     {metadata("- description: Docker\n#     ref: https://docs.docker.com/", "- [a]"), ":5:7: a resource is an address, or `description` and `ref`"},
		"schema keyword not known":    {metadata("{type: array,", "{type: array, maxItems: 3,"), "maxItems"},
		"a param that is required":    {metadata("properties: {allowed", "required: [allowed], properties: {allowed"), "none is required"},
		"locked with params":          {metadata("severity: low", "severity: low\n#   locked: true"), "a locked rule cannot have params"},
		"a profile that is not":       {metadata("profile: baseline", "profile: base"), `names the profile "base"`},
		"no data.yaml":                {map[string]string{"rules/sample/data.yaml": ""}, "rules/sample/data.yaml is missing"},
		"data.yaml lacks a default":   {map[string]string{"rules/sample/data.yaml": "params: {}\n"}, `params needs the key "allowed"`},
		"a default that is wrong":     {map[string]string{"rules/sample/data.yaml": "params: {allowed: all}\n"}, "1:19: params.allowed must be a list, not text (all)"},
		"data without a schema":       {metadata(sampleMetadata[strings.Index(sampleMetadata, "#   - data."):strings.Index(sampleMetadata, "# custom")], ""), "rules/sample/data.yaml: params need a schema"},
		"no examples":                 {map[string]string{"rules/sample/examples.yaml": ""}, "examples.yaml"},
		"a rule without Rego":         {map[string]string{sampleFile: ""}, "sample.rego is missing"},
		"Rego that does not parse":    {map[string]string{sampleFile: sampleMetadata + "package"}, "parsing rules/sample/sample.rego"},
		"a package of another folder": {map[string]string{"rules/sample/more.rego": "package rules.other\n"}, "package rules.other belongs into the folder rules/other"},
		"no profile at all":           {map[string]string{"profiles/baseline.yaml": ""}, "does not exist"},
		"profile sets no rule":        {map[string]string{"profiles/baseline.yaml": "description: x\nrules: {sampel: {}}\n"}, `there is no rule "sampel"`},
		"profile sets no param":       {map[string]string{"profiles/baseline.yaml": "description: x\nrules: {sample: {params: {alowed: []}}}\n"}, `did you mean "allowed"`},
		"profile builds on itself":    {map[string]string{"profiles/baseline.yaml": "description: x\nextends: baseline\n"}, "builds on itself"},
	} {
		t.Run(name, func(t *testing.T) {
			bundle, err := Read(sample(test.changes))
			if err == nil {
				_, err = bundle.Compile()
			}
			if err == nil {
				t.Fatal("read and compiled without an error")
			}
			if !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %q, want %q in it", err, test.want)
			}
		})
	}
}

// TestLockedRulesStayLocked: a profile must not weaken what settings cannot.
func TestLockedRulesStayLocked(t *testing.T) {
	file := "rules/self_protection/self_protection.rego"
	locked := strings.ReplaceAll(text(t, file), "self_protection", "sample")
	_, err := Read(sample(map[string]string{
		sampleFile:               locked,
		"rules/sample/data.yaml": "",
		"profiles/baseline.yaml": "description: x\nrules: {sample: {enforcement: off}}\n",
	}))
	if err == nil || !strings.Contains(err.Error(), "rule sample is locked") {
		t.Errorf("error %v, want that the rule is locked", err)
	}
}

// TestNothingIsLeftOut compares the folders with what is built in.
func TestNothingIsLeftOut(t *testing.T) {
	entries, err := os.ReadDir("rules")
	if err != nil {
		t.Fatal(err)
	}
	if rules := rulesToCheck(t); len(rules) != len(entries) {
		t.Errorf("%d rules are built in, and there are %d folders", len(rules), len(entries))
	}
}

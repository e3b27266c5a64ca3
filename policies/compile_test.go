package policies

import (
	"strings"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"
)

// TestCompileRefuses lists what OPA by itself accepts, or would notice only
// while a request waits, and what could let that request pass.
func TestCompileRefuses(t *testing.T) {
	for name, test := range map[string]struct{ rego, want string }{
		"deny is a value":            {sampleHead + "deny := true if input.operation == \"x\"\n", "deny must be a set"},
		"deny is a boolean":          {sampleHead + "deny if input.operation == \"x\"\n", "deny must be a set"},
		"deny has a default":         {sampleHead + "default deny := false\n\n" + sampleDeny, "deny must be a set"},
		"deny is an object":          {sampleHead + "deny[\"a\"] := {\"field\": \"\", \"msg\": \"\"} if input.operation == \"x\"\n", "deny must be a set"},
		"deny is a set of sets":      {sampleHead + "deny.a contains {\"field\": \"\", \"msg\": \"\"} if input.operation == \"x\"\n", "deny must be a set"},
		"deny is missing":            {sampleHead + "allow if params.allowed\n", "the rule denies nothing; it needs `deny contains"},
		"a finding is text":          {sampleHead + "deny contains \"text\" if params.allowed\n", "deny holds string"},
		"a finding without field":    {sampleHead + "deny contains {\"msg\": \"x\"} if params.allowed\n", "a finding needs field"},
		"a finding without msg":      {sampleHead + "deny contains {\"field\": \"x\"} if params.allowed\n", "a finding needs msg"},
		"a finding with other keys":  {sampleHead + "deny contains {\"field\": \"\", \"msg\": \"x\", \"fixx\": \"\"} if params.allowed\n", "not fixx"},
		"a field that is no text":    {sampleHead + "deny contains {\"field\": input.api_minor, \"msg\": \"x\"} if params.allowed\n", "field of a finding must be text, not number"},
		"a finding of unknown shape": {sampleHead + "deny contains input.body if params.allowed\n", "deny holds any"},
		"one good and one bad":       {sampleHead + sampleDeny + "\ndeny contains {\"field\": \"\"} if params.allowed\n", "a finding needs msg"},
		"misspelt input":             {sampleHead + "deny contains {\"field\": \"\", \"msg\": \"x\"} if input.container.mount\n", "input.container.mount"},
		"misspelt field of an entry": {sampleHead + "deny contains {\"field\": m.field, \"msg\": \"x\"} if {\n\tsome m in input.container.mounts\n\tm.typ == \"bind\"\n}\n", "m.typ"},
		"misspelt param":             {sampleHead + "deny contains {\"field\": \"\", \"msg\": \"x\"} if params.alowed\n", "data.rules.sample.params.alowed"},
		"a variable without a use":   {sampleHead + "deny contains {\"field\": \"\", \"msg\": \"x\"} if {\n\ty := 1\n\tparams.allowed\n}\n", "y is assigned and never used; use it, or remove it"},
		"Rego before v2":             {strings.Replace(sampleHead, "import rego.v2\n", "", 1) + sampleDeny, "`import rego.v2` is missing"},
		"sprintf":                    {sampleHead + "deny contains {\"field\": \"\", \"msg\": sprintf(\"%v\", [input.object])} if params.allowed\n", "sprintf cannot be used in a rule (it is undefined when"},
		"http.send":                  {sampleHead + "deny contains {\"field\": \"\", \"msg\": \"x\"} if http.send({\"url\": params.allowed})\n", "http.send cannot be used in a rule (reaches the network)"},
		"opa.runtime":                {sampleHead + "deny contains {\"field\": \"\", \"msg\": \"x\"} if opa.runtime().env == params.allowed\n", "opa.runtime cannot be used in a rule (reads the process)"},
		"rand.intn":                  {sampleHead + "deny contains {\"field\": \"\", \"msg\": \"x\"} if rand.intn(\"a\", 2) == params.allowed\n", "rand.intn cannot be used in a rule (is random)"},
		"net.lookup_ip_addr":         {sampleHead + "deny contains {\"field\": \"\", \"msg\": \"x\"} if net.lookup_ip_addr(\"a\") == params.allowed\n", "net.lookup_ip_addr cannot be used in a rule (reaches the network)"},
	} {
		t.Run(name, func(t *testing.T) {
			bundle, err := Read(sample(map[string]string{sampleFile: sampleMetadata + test.rego}))
			if err != nil {
				t.Fatal(err)
			}
			_, err = bundle.Compile()
			if err == nil {
				t.Fatal("compiled without an error")
			}
			if !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %q, want %q in it", err, test.want)
			}
		})
	}
}

// TestBuiltinsAreAllJudged: each function that OPA has is allowed or refused,
// and each one in the lists exists.
func TestBuiltinsAreAllJudged(t *testing.T) {
	lists, err := builtins()
	if err != nil {
		t.Fatal(err)
	}
	judged := map[string]int{}
	for _, name := range lists.authz() {
		judged[name]++
	}
	for _, names := range lists.Refused {
		for _, name := range names {
			judged[name]++
		}
	}
	all := ast.CapabilitiesForThisVersion().Builtins
	if len(all) < 100 || len(lists.Allowed) < 50 {
		t.Fatalf("OPA has %d functions and %d are allowed", len(all), len(lists.Allowed))
	}
	for _, builtin := range all {
		if judged[builtin.Name] != 1 {
			t.Errorf("%s is %d times in builtins.yaml, want once", builtin.Name, judged[builtin.Name])
		}
		delete(judged, builtin.Name)
	}
	for name := range judged {
		t.Errorf("builtins.yaml names %s, which OPA does not have", name)
	}
}

// TestNoRuleCanBeRandom: what OPA itself marks as not determined by its
// arguments is refused, the clock aside.
func TestNoRuleCanBeRandom(t *testing.T) {
	lists, err := builtins()
	if err != nil {
		t.Fatal(err)
	}
	c := capabilities(lists.Allowed)
	if len(c.AllowNet) != 0 || c.AllowNet == nil {
		t.Errorf("AllowNet is %v, want an empty list: nil allows every host", c.AllowNet)
	}
	for _, builtin := range c.Builtins {
		if builtin.Nondeterministic && builtin.Name != "time.now_ns" {
			t.Errorf("%s is allowed", builtin.Name)
		}
	}
}

package policy

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/bulwark-authz/bulwark/plugin/input"
	"github.com/bulwark-authz/bulwark/policies"
)

func TestEnforcement(t *testing.T) {
	set := func(enforcement Enforcement) map[string]policies.Override {
		return map[string]policies.Override{"privileged": {Enforcement: string(enforcement)}}
	}
	for name, test := range map[string]struct {
		settings      Settings
		allow, dryrun bool
	}{
		"by default":            {Settings{}, false, false},
		"deny":                  {Settings{Rules: set(Deny)}, false, false},
		"dryrun":                {Settings{Rules: set(Dryrun)}, true, true},
		"off":                   {Settings{Rules: set(Off)}, true, false},
		"audit":                 {Settings{Mode: Audit}, true, true},
		"audit, said to deny":   {Settings{Mode: Audit, Rules: set(Deny)}, true, true},
		"audit, off":            {Settings{Mode: Audit, Rules: set(Off)}, true, false},
		"restricted":            {Settings{Profile: "restricted"}, false, false},
		"enforce, said to deny": {Settings{Mode: Enforce, Rules: set(Deny)}, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			decision := decide(t, newTestEngine(t, test.settings), privileged())
			violated := has(decision.Violations, "privileged")
			if violated == test.allow || has(decision.Dryrun, "privileged") != test.dryrun {
				t.Errorf("denied %v, dry run %v: %+v", violated, has(decision.Dryrun, "privileged"), decision)
			}
		})
	}
}

func TestLockedRuleIsAlwaysEnforced(t *testing.T) {
	disable := input.FromRequest(input.Request{Method: "POST", URI: "/v1.41/plugins/bulwark/disable"})
	decision := decide(t, newTestEngine(t, Settings{Mode: Audit}), disable)
	if decision.Allow || !has(decision.Violations, "self_protection") {
		t.Errorf("in audit mode: %+v", decision)
	}
}

// TestParamsAreLayered: the settings' params win over the profile's, and those
// over the rule's, each param by itself.
func TestParamsAreLayered(t *testing.T) {
	bundle := layeredBundle(t)
	for name, test := range map[string]struct {
		settings Settings
		want     map[string]any
	}{
		"the rule's":     {Settings{}, map[string]any{"one": "rule", "two": "rule", "three": "rule"}},
		"the profile's":  {Settings{Profile: "restricted"}, map[string]any{"one": "rule", "two": "profile", "three": "profile"}},
		"the settings'":  {Settings{Rules: layer("three")}, map[string]any{"one": "rule", "two": "rule", "three": "settings"}},
		"all three":      {Settings{Profile: "restricted", Rules: layer("three")}, map[string]any{"one": "rule", "two": "profile", "three": "settings"}},
		"settings first": {Settings{Profile: "restricted", Rules: layer("two")}, map[string]any{"one": "rule", "two": "settings", "three": "profile"}},
	} {
		t.Run(name, func(t *testing.T) {
			data, err := dataOf(test.settings, bundle)
			if err != nil {
				t.Fatal(err)
			}
			got := data["rules"].(map[string]any)["sample"].(map[string]any)["params"]
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestProfileDecidesWhichRulesAreAsked: a rule of another profile claims
// nothing, unless the settings ask for it by name.
func TestProfileDecidesWhichRulesAreAsked(t *testing.T) {
	bundle := layeredBundle(t)
	for name, test := range map[string]struct {
		settings Settings
		want     any
	}{
		"the profile that has it first": {Settings{}, nil},
		"a profile that builds on it":   {Settings{Profile: "restricted"}, []any{"sample"}},
		"named in the settings":         {Settings{Rules: map[string]policies.Override{"sample": {Enforcement: "dryrun"}}}, []any{"sample"}},
		"only params in the settings":   {Settings{Rules: layer("one")}, nil},
		"off":                           {Settings{Profile: "restricted", Rules: map[string]policies.Override{"sample": {Enforcement: "off"}}}, []any{"sample"}},
	} {
		t.Run(name, func(t *testing.T) {
			data, err := dataOf(test.settings, bundle)
			if err != nil {
				t.Fatal(err)
			}
			claims := data["settings"].(map[string]any)["claims"].(map[string]any)
			if diff := cmp.Diff(test.want, claims["*"]); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestReviewedOperations are those of every rule, of other profiles too, and
// never the star of a rule that is asked about everything.
func TestReviewedOperations(t *testing.T) {
	bundle, err := policies.Load()
	if err != nil {
		t.Fatal(err)
	}
	operations := reviewed(bundle)
	if !slices.Contains(operations, any("PluginDisable")) || slices.Contains(operations, any(policies.EveryOperation)) {
		t.Errorf("reviewed operations %v", operations)
	}
}

func layer(param string) map[string]policies.Override {
	return map[string]policies.Override{"sample": {Params: map[string]any{param: "settings"}}}
}

// layeredBundle has one rule of the profile restricted, with three params of
// which that profile sets two.
func layeredBundle(t *testing.T) *policies.Bundle {
	t.Helper()
	root := withRule(t, "deny contains {\"field\": \"\", \"msg\": data.rules.sample.params.one}\n")
	rule := string(root["rules/sample/sample.rego"].Data)
	rule = strings.Replace(rule, "profile: baseline", "profile: restricted", 1)
	rule = strings.Replace(rule, "schema.input\n", `schema.input
#   - data.rules.sample.params:
#       type: object
#       additionalProperties: false
#       properties: {one: {type: string}, two: {type: string}, three: {type: string}}
`, 1)
	for name, text := range map[string]string{
		"rules/sample/sample.rego": rule,
		"rules/sample/data.yaml":   "params: {one: rule, two: rule, three: rule}\n",
		"profiles/restricted.yaml": "description: x\nextends: baseline\nrules: {sample: {params: {two: profile, three: profile}}}\n",
	} {
		root[name] = &fstest.MapFile{Data: []byte(text)}
	}
	bundle, err := policies.Read(root)
	if err != nil {
		t.Fatal(err)
	}
	return bundle
}

func has(violations []Violation, rule string) bool {
	for _, v := range violations {
		if v.Rule == rule {
			return true
		}
	}
	return false
}

func dataOf(s Settings, bundle *policies.Bundle) (map[string]any, error) {
	chain, err := s.chain(bundle)
	return s.data(bundle, s.catalogue(bundle, chain)), err
}

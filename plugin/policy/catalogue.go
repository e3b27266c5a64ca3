package policy

import (
	"cmp"
	"maps"
	"slices"

	"github.com/bulwark-authz/bulwark/policies"
)

// Rule is a rule as it is set here.
type Rule struct {
	policies.Rule
	// Enforcement is "" for a rule that the profile does not have.
	Enforcement Enforcement
	// Params are the rule's own, then the profile's, then the settings'.
	Params map[string]any
	// Set are the keys that the settings have for it: enforcement, params.
	Set []string
}

// SetBy is who set the enforcement of a rule.
func (e *Engine) SetBy(rule Rule) Source { return e.source(rule) }

// Profiles are those in force: the one that the settings name, and before it
// those that it builds on.
func (e *Engine) Profiles() []string {
	chain, err := e.settings.chain(e.bundle)
	if err != nil {
		return nil // no engine is made with such settings
	}
	return chain
}

// chain is the profile with those that it builds on.
func (s Settings) chain(bundle *policies.Bundle) ([]string, error) {
	return bundle.Chain(cmp.Or(s.Profile, policies.DefaultProfile))
}

// catalogue lays what profiles and settings say over each rule.
func (s Settings) catalogue(bundle *policies.Bundle, chain []string) []Rule {
	var rules []Rule
	for _, rule := range bundle.Rules {
		layers := []policies.Override{{Params: rule.Params}}
		for _, profile := range chain {
			layers = append(layers, bundle.Profiles[profile].Rules[rule.Name])
		}
		merged := merge(append(layers, s.Rules[rule.Name]))
		set := Rule{Rule: rule, Params: merged.Params, Set: keysOf(s.Rules[rule.Name])}
		if merged.Enforcement != "" || rule.Profile == "" || slices.Contains(chain, rule.Profile) {
			set.Enforcement = s.enforcement(rule, Enforcement(merged.Enforcement))
		}
		rules = append(rules, set)
	}
	return rules
}

func keysOf(o policies.Override) []string {
	var keys []string
	if o.Enforcement != "" {
		keys = append(keys, "enforcement")
	}
	if len(o.Params) > 0 {
		keys = append(keys, "params")
	}
	return keys
}

// merge lays overrides over each other; a later one wins, param by param.
func merge(layers []policies.Override) policies.Override {
	merged := policies.Override{Params: map[string]any{}}
	for _, layer := range layers {
		merged.Enforcement = cmp.Or(layer.Enforcement, merged.Enforcement)
		maps.Copy(merged.Params, layer.Params)
	}
	return merged
}

// enforcement is what is really done about a rule's findings.
func (s Settings) enforcement(rule policies.Rule, set Enforcement) Enforcement {
	switch {
	case rule.Locked:
		return Deny
	case s.Mode == Audit && set != Off:
		return Dryrun
	}
	return cmp.Or(set, Deny)
}

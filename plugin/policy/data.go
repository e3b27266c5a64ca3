package policy

import (
	"cmp"
	"maps"
	"slices"

	"github.com/bulwark-authz/bulwark/policies"
)

// data is what the rules read beside the request:
//
//	rules.<rule>.params         the rule's own, then the profile's, then the settings'
//	settings.claims.<operation> the rules in force that want to see the operation
//	settings.enforcement.<rule> deny, dryrun or off
//	settings.reviewed           the operations that any rule names, in force or not
func (s Settings) data(bundle *policies.Bundle) (map[string]any, error) {
	chain, err := bundle.Chain(cmp.Or(s.Profile, policies.DefaultProfile))
	if err != nil {
		return nil, err
	}
	params, claims, enforcement := map[string]any{}, map[string]any{}, map[string]any{}
	for _, rule := range bundle.Rules {
		layers := []policies.Override{{Params: rule.Params}}
		for _, profile := range chain {
			layers = append(layers, bundle.Profiles[profile].Rules[rule.Name])
		}
		layers = append(layers, s.Rules[rule.Name])
		merged := merge(layers)
		if len(merged.Params) > 0 {
			params[rule.Name] = map[string]any{"params": merged.Params}
		}
		if merged.Enforcement == "" && !slices.Contains(chain, rule.Profile) {
			continue
		}
		enforcement[rule.Name] = string(s.enforcement(rule, Enforcement(merged.Enforcement)))
		for _, operation := range rule.Operations {
			names, _ := claims[operation].([]any)
			claims[operation] = append(names, rule.Name)
		}
	}
	return map[string]any{
		"rules":    params,
		"settings": map[string]any{"claims": claims, "enforcement": enforcement, "reviewed": reviewed(bundle)},
	}, nil
}

// reviewed lists the operations that a rule names. A rule of a stricter profile
// counts: its author saw nothing that this profile should deny.
func reviewed(bundle *policies.Bundle) []any {
	var operations []any
	for _, rule := range bundle.Rules {
		for _, operation := range rule.Operations {
			if operation != policies.EveryOperation {
				operations = append(operations, operation)
			}
		}
	}
	return operations
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

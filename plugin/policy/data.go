package policy

import (
	"github.com/bulwark-authz/bulwark/policies"
)

// data is what the rules read beside the request:
//
//	rules.<rule>.params              the rule's own, then the profile's, then the settings'
//	custom.rules.<rule>.params       the same for a site's rule
//	site                             what is in the folder data
//	settings.claims.<operation>      the rules in force that want to see the operation
//	settings.site_claims.<operation> those of the site
//	settings.enforcement.<rule>      deny, dryrun or off
//	settings.exceptions.<rule>       what lets requests pass it
//	settings.reviewed                the operations that any rule names, in force or not
func (s Settings) data(bundle *policies.Bundle, rules []Rule) map[string]any {
	params, siteParams := map[string]any{}, map[string]any{}
	claims, siteClaims, enforcement := map[string]any{}, map[string]any{}, map[string]any{}
	for _, rule := range rules {
		params, claims := params, claims
		if rule.Site {
			params, claims = siteParams, siteClaims
		}
		if len(rule.Params) > 0 {
			params[rule.Name] = map[string]any{"params": rule.Params}
		}
		if rule.Enforcement == "" {
			continue
		}
		enforcement[rule.Name] = string(rule.Enforcement)
		for _, operation := range rule.Operations {
			if operation == policies.NoOperation {
				operation = ""
			}
			names, _ := claims[operation].([]any)
			claims[operation] = append(names, rule.Name)
		}
	}
	return map[string]any{
		"rules":  params,
		"custom": map[string]any{"rules": siteParams},
		"site":   bundle.Data(),
		"settings": map[string]any{
			"claims": claims, "site_claims": siteClaims, "enforcement": enforcement,
			"exceptions": s.exceptionsByRule(), "reviewed": reviewed(bundle),
		},
	}
}

// reviewed lists the operations that a rule names. A rule of a stricter profile
// counts: its author saw nothing that this profile should deny.
func reviewed(bundle *policies.Bundle) []any {
	var operations []any
	for _, rule := range bundle.Rules {
		for _, operation := range rule.Operations {
			if operation != policies.EveryOperation && operation != policies.NoOperation {
				operations = append(operations, operation)
			}
		}
	}
	return operations
}

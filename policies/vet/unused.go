package vet

import (
	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/bulwark-authz/bulwark/policies/yamlschema"
)

// unused finds rules beside deny that nothing asks for.
func unused(modules []Module) []Fault {
	used := references(modules)
	var faults []Fault
	for _, module := range modules {
		if !module.Denies {
			continue
		}
		for _, rule := range module.Rules {
			name := string(rule.Head.Ref()[0].Value.(ast.Var))
			if name != "deny" && !isUsed(rule.Ref().GroundPrefix(), used) {
				faults = append(faults, Fault{At: rule.Location, Text: "nothing uses " + name + instead(name)})
			}
		}
	}
	return faults
}

func instead(name string) string {
	const denies = "deny"
	if yamlschema.Nearest(name, []string{denies}) == denies {
		return yamlschema.Meant(name, []string{denies})
	}
	return "; a rule is asked for deny alone, so use it there, or remove it"
}

// references are those of all modules, up to what a request decides.
func references(modules []Module) []ast.Ref {
	var all []ast.Ref
	for _, module := range modules {
		for _, rule := range module.Rules {
			ast.WalkRefs(rule, func(ref ast.Ref) bool {
				if ref[0].Equal(ast.DefaultRootDocument) {
					all = append(all, ref.GroundPrefix())
				}
				return false
			})
		}
	}
	return all
}

// isUsed reports whether a reference goes to a rule, through it, or to what it
// is in.
func isUsed(rule ast.Ref, used []ast.Ref) bool {
	for _, ref := range used {
		if ref.HasPrefix(rule) || rule.HasPrefix(ref) {
			return true
		}
	}
	return false
}

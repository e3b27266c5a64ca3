package policies

import (
	"errors"
	"fmt"

	"github.com/open-policy-agent/opa/v1/ast"
)

// checkData refuses what a site's rules read of data and what is not there: it
// would be undefined, and a denial that needs it would never be made.
func (b *Bundle) checkData(compiler *ast.Compiler) error {
	known := map[string]any{"site": b.siteData}
	var errs []error
	for _, file := range sortedKeys(b.modules) {
		if !isSite(b.modules[file]) {
			continue
		}
		for _, rule := range compiler.Modules[file].Rules {
			ast.WalkRefs(rule, func(ref ast.Ref) bool {
				if ref[0].Equal(ast.DefaultRootDocument) {
					errs = append(errs, b.checkRef(compiler, ref, known))
				}
				return false
			})
		}
	}
	return errors.Join(errs...)
}

func (b *Bundle) checkRef(compiler *ast.Compiler, ref ast.Ref, known map[string]any) error {
	node := compiler.RuleTree
	var data any = known
	for i, term := range ref[1:] {
		name, ok := term.Value.(ast.String)
		if !ok {
			return nil // decided by the request
		}
		if node != nil {
			node = node.Child(name)
		}
		if node != nil && len(node.Values) > 0 || isParams(ref[:i+2]) {
			return nil
		}
		object, isObject := data.(map[string]any)
		data = nil
		if isObject {
			data, isObject = object[string(name)], has(object, string(name))
		}
		if node == nil && !isObject {
			return fmt.Errorf("%s:%d:%d: there is no %s%s", ref[0].Location.File, ref[0].Location.Row, ref[0].Location.Col,
				ref[:i+2], closest(string(name), sortedKeys(object)))
		}
	}
	return nil
}

func has(object map[string]any, key string) bool {
	_, ok := object[key]
	return ok
}

// isParams says that the rest of a reference is a param, which its schema checks.
func isParams(ref ast.Ref) bool {
	return ref[len(ref)-1].Equal(ast.StringTerm("params")) && (ref.HasPrefix(rulesRef) || ref.HasPrefix(siteRulesRef))
}

package policies

import (
	"errors"
	"fmt"
	"path"
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/types"

	"github.com/bulwark-authz/bulwark/policies/yamlschema"
)

// checkSite refuses what a site's rules read and what is not there: it would be
// undefined, and a denial that needs it would never be made.
func (b *Bundle) checkSite(compiler *ast.Compiler) error {
	var errs []error
	for _, file := range sortedKeys(b.site) {
		for _, rule := range compiler.Modules[file].Rules {
			errs = append(errs, b.checkData(compiler, rule))
			ast.WalkExprs(rule, func(call *ast.Expr) bool {
				errs = append(errs, checkCall(compiler, call))
				return false
			})
		}
	}
	return errors.Join(errs...)
}

// checkData refuses references of a rule to what is not there.
func (b *Bundle) checkData(compiler *ast.Compiler, rule *ast.Rule) error {
	known := map[string]any{"site": b.siteData}
	var errs []error
	ast.WalkRefs(rule, func(ref ast.Ref) bool {
		if ref[0].Equal(ast.DefaultRootDocument) {
			errs = append(errs, b.checkRef(compiler, ref, known))
		}
		return false
	})
	return errors.Join(errs...)
}

// checkCall refuses an argument too many: Rego takes it for the result. That is
// how a relation is asked: walk(input, [path, value]).
func checkCall(compiler *ast.Compiler, call *ast.Expr) error {
	if !call.IsCall() {
		return nil
	}
	if builtin := ast.BuiltinMap[call.Operator().String()]; builtin != nil && builtin.Relation {
		return nil
	}
	function, ok := compiler.TypeEnv.GetByRef(call.Operator()).(*types.Function)
	if !ok || function.FuncArgs().Variadic != nil {
		return nil
	}
	operands, want := call.Operands(), len(function.FuncArgs().Args)
	if len(operands) <= want {
		return nil
	}
	if result, isVar := operands[len(operands)-1].Value.(ast.Var); isVar && result.IsGenerated() {
		return nil
	}
	name := call.Operator().String()
	if call.Operator().HasPrefix(siteRef) {
		name = path.Ext(name)[1:]
	}
	return fmt.Errorf("%s: %s takes %d %s, not %d", place(call.Location), name, want, plural("argument", want), len(operands))
}

func plural(noun string, n int) string {
	if n == 1 {
		return noun
	}
	return noun + "s"
}

func place(l *ast.Location) string { return fmt.Sprintf("%s:%d:%d", l.File, l.Row, l.Col) }

// checkRef goes along a reference through the rules and the data that there are.
func (b *Bundle) checkRef(compiler *ast.Compiler, ref ast.Ref, known map[string]any) error {
	node := compiler.RuleTree.Child(ast.DefaultRootDocument.Value)
	var data any = known
	for i, term := range ref[1:] {
		name, ok := term.Value.(ast.String)
		if !ok {
			return nil // decided by the request
		}
		if isParams(ref[:i+2]) {
			return b.checkParam(ref, i+2)
		}
		above := node
		if node != nil {
			node = node.Child(name)
		}
		if node != nil && len(node.Values) > 0 {
			return nil
		}
		object, isObject := data.(map[string]any)
		data = nil
		if isObject {
			data, isObject = object[string(name)], has(object, string(name))
		}
		if node == nil && !isObject {
			return fmt.Errorf("%s: there is no %s%s", place(ref[0].Location), ref[:i+2], alternatives(ref[:i+2], above, object))
		}
	}
	return nil
}

// alternatives is what there is in place of the last part of a reference.
func alternatives(ref ast.Ref, rules *ast.TreeNode, data map[string]any) string {
	name, _ := ref[len(ref)-1].Value.(ast.String)
	switch {
	case len(ref) == 2 && rules.Child(siteRef[1].Value) == nil:
		return "; the site's data is below data.site"
	case len(ref) == 2:
		return "; the site's data is below data.site, its packages below data.custom"
	case ref.HasPrefix(siteLibRef) && len(ref) == len(siteLibRef):
		return "; its packages would be in the folder lib"
	case len(ref) == 3 && ref.HasPrefix(siteDataRef) && yamlschema.Meant(string(name), sortedKeys(data)) == "":
		return fmt.Sprintf("; it would be in the file data/%s.yaml", string(name))
	}
	names := sortedKeys(data)
	if rules != nil {
		for _, value := range rules.Sorted {
			if child, ok := value.(ast.String); ok {
				names = append(names, string(child))
			}
		}
	}
	return yamlschema.Meant(string(name), names)
}

func has(object map[string]any, key string) bool {
	_, ok := object[key]
	return ok
}

// isParams says that the rest of a reference is a param.
func isParams(ref ast.Ref) bool {
	return ref[len(ref)-1].Equal(ast.StringTerm("params")) && (ref.HasPrefix(rulesRef) || ref.HasPrefix(siteRulesRef))
}

// checkParam checks the param behind the first n terms of a reference. OPA has
// checked those of the rule's own package.
func (b *Bundle) checkParam(ref ast.Ref, n int) error {
	i := slices.IndexFunc(b.Rules, func(r Rule) bool { return r.ref("params").Equal(ref[:n]) })
	switch {
	case i < 0:
		return fmt.Errorf("%s: there is no rule %s", place(ref[0].Location), ref[n-2].Value)
	case b.Rules[i].ParamsSchema == nil:
		return fmt.Errorf("%s: the rule %s has no params; they need a schema in its METADATA and defaults in data.yaml", place(ref[0].Location), b.Rules[i].Name)
	case len(ref) == n:
		return nil
	}
	name, ok := ref[n].Value.(ast.String)
	if params := b.Rules[i].ParamsSchema.Properties; ok && params[string(name)] == nil {
		return fmt.Errorf("%s: there is no param %q%s", place(ref[0].Location), string(name), yamlschema.Meant(string(name), sortedKeys(params)))
	}
	return nil
}

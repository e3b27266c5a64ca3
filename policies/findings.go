package policies

import (
	"fmt"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/types"
)

// findingKeys are those that an element of deny may have.
var findingKeys = []string{"field", "msg", "fix"}

// checkFindings uses the type that OPA infers for deny: a set of objects with
// field, msg and perhaps fix, all of them text.
func checkFindings(compiler *ast.Compiler, module *ast.Module, ref ast.Ref) error {
	set, ok := compiler.TypeEnv.GetByRef(ref).(*types.Set)
	if !ok {
		return fmt.Errorf("%s: deny is not a set", place(module.Package.Location))
	}
	shapes := []types.Type{set.Of()}
	if several, ok := set.Of().(types.Any); ok && len(several) > 0 {
		shapes = several
	}
	for _, shape := range shapes {
		if fault := findingFault(shape); fault != "" {
			return fmt.Errorf("%s: %s", place(ruleOf(module, shape).Location), fault)
		}
	}
	return nil
}

// findingFault is what is wrong with an element of deny, "" for nothing.
func findingFault(shape types.Type) string {
	object, ok := shape.(*types.Object)
	if !ok || object.DynamicProperties() != nil {
		return fmt.Sprintf("deny holds %s; a finding is {\"field\": \"where in the request\", \"msg\": \"what would happen\"}", types.Sprint(shape))
	}
	missing := []string{"field", "msg"}
	for _, property := range object.StaticProperties() {
		name, _ := property.Key.(string)
		if !slices.Contains(findingKeys, name) {
			return fmt.Sprintf("a finding has field, msg and perhaps fix, not %v", property.Key)
		}
		if types.Compare(property.Value, types.S) != 0 {
			return fmt.Sprintf("%s of a finding must be text, not %s; write $\"{...}\"", name, types.Sprint(property.Value))
		}
		missing = slices.DeleteFunc(missing, func(m string) bool { return m == name })
	}
	if len(missing) > 0 {
		return fmt.Sprintf("a finding needs %s, too: {\"field\": \"where in the request\", \"msg\": \"what would happen\"}", strings.Join(missing, " and "))
	}
	return ""
}

// ruleOf is the definition of deny whose elements have the keys of a shape, or
// the first one.
func ruleOf(module *ast.Module, shape types.Type) *ast.Rule {
	var want []string
	if object, ok := shape.(*types.Object); ok {
		for _, property := range object.StaticProperties() {
			want = append(want, fmt.Sprint(property.Key))
		}
	}
	all := denies(module)
	i := slices.IndexFunc(all, func(r *ast.Rule) bool { return slices.Equal(keysOf(r.Head.Key), want) })
	return all[max(i, 0)]
}

// keysOf are the keys of an object, sorted, nil for anything else.
func keysOf(term *ast.Term) []string {
	object, ok := term.Value.(ast.Object)
	if !ok {
		return nil
	}
	var keys []string
	object.Foreach(func(key, _ *ast.Term) {
		if name, ok := key.Value.(ast.String); ok {
			keys = append(keys, string(name))
		}
	})
	slices.Sort(keys)
	return keys
}

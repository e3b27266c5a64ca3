package policy

import (
	"github.com/open-policy-agent/opa/v1/ast"
)

// place is something that was read, and its value, nil when it is not there.
type place struct {
	ref   ast.Ref
	value ast.Value
}

// dataPlaces are the data that operators write: params, and the site's own.
var dataPlaces = []ast.Ref{
	ast.MustParseRef("data.site"), ast.MustParseRef("data.rules[_].params"), ast.MustParseRef("data.custom.rules[_].params"),
}

// dataPrefix is how much of a reference names such data, 0 for a rule.
func dataPrefix(ref ast.Ref) int {
	for _, prefix := range dataPlaces {
		if n := matches(ref, prefix); n > 0 {
			return n
		}
	}
	return 0
}

func matches(ref, prefix ast.Ref) int {
	if len(ref) < len(prefix) {
		return 0
	}
	for i, term := range prefix {
		if _, wildcard := term.Value.(ast.Var); !term.Equal(ref[i]) && (i == 0 || !wildcard) {
			return 0
		}
	}
	return len(prefix)
}

// read lists what an expression reads, what is evaluated by itself aside.
func (o *origins) read(expr *ast.Expr, plug plug) []place {
	var all []place
	add := func(term *ast.Term) {
		if ref, _ := o.place(term, plug); len(ref) > 1 {
			all = append(all, place{ref, o.value(ref)})
		}
	}
	var visitor *ast.GenericVisitor
	visitor = ast.NewGenericVisitor(func(node any) bool {
		switch node := node.(type) {
		case *ast.ArrayComprehension, *ast.SetComprehension, *ast.ObjectComprehension, *ast.Every, *ast.Not:
			return true
		case *ast.Term:
			if ref, ok := node.Value.(ast.Ref); ok {
				add(node)
				for _, key := range ref[1:] {
					visitor.Walk(key)
				}
				return true
			}
			if _, ok := node.Value.(ast.Var); ok {
				add(node)
			}
		}
		return false
	})
	if !expr.Negated {
		visitor.Walk(expr)
	}
	return all
}

// isEmpty reports whether a value says nothing: false, 0, "", null, an empty
// list, or none at all.
func isEmpty(value ast.Value) bool {
	switch value := value.(type) {
	case nil, ast.Null:
		return true
	case ast.Boolean:
		return !bool(value)
	case ast.Number:
		return value == "0"
	case ast.String:
		return value == ""
	case ast.Object:
		return value.Len() == 0
	case *ast.Array:
		return value.Len() == 0
	case ast.Set:
		return value.Len() == 0
	}
	return false
}

package policy

import (
	"github.com/open-policy-agent/opa/v1/ast"
)

// origins knows where values come from: that the variable `mount` is
// input.container.mounts[0]. OPA has one name for each variable of all rules,
// and no rule calls itself, so that one map will do.
type origins struct {
	value   func(ast.Ref) ast.Value
	vars    map[ast.Var]ast.Ref
	rules   map[string]ast.Ref // rules that only stand for a place
	objects map[int][]place    // objects and lists, by their value's hash
}

// plug replaces variables by their values.
type plug func(*ast.Term) *ast.Term

// newOrigins knows the places in an input; value is what is at a place, nil
// for nothing.
func newOrigins(input ast.Value, value func(ast.Ref) ast.Value) *origins {
	o := &origins{value: value, vars: map[ast.Var]ast.Ref{}, rules: map[string]ast.Ref{}, objects: map[int][]place{}}
	o.remember(ast.Ref{ast.InputRootDocument}, input)
	return o
}

// remember keeps the places of objects and lists: when a set hands one on, it
// is found again by its value.
func (o *origins) remember(ref ast.Ref, value ast.Value) {
	at := func(key, value *ast.Term) { o.remember(append(ref[:len(ref):len(ref)], key), value.Value) }
	switch value := value.(type) {
	case ast.Object:
		value.Foreach(at)
	case *ast.Array:
		for i := range value.Len() {
			at(ast.InternedTerm(i), value.Elem(i))
		}
	default:
		return
	}
	if _, known := o.find(value); !known && !isEmpty(value) {
		o.objects[value.Hash()] = append(o.objects[value.Hash()], place{ref, value})
	}
}

func (o *origins) find(value ast.Value) (ast.Ref, bool) {
	if ast.IsScalar(value) {
		return nil, false
	}
	for _, known := range o.objects[value.Hash()] {
		if ast.Compare(known.value, value) == 0 {
			return known.ref, true
		}
	}
	return nil, false
}

// pass notes where the arguments of a function come from.
func (o *origins) pass(params ast.Args, given []*ast.Term) {
	for i, param := range params {
		name, ok := param.Value.(ast.Var)
		if !ok || i >= len(given) {
			continue
		}
		delete(o.vars, name)
		if from, ok := given[i].Value.(ast.Var); ok && o.vars[from] != nil {
			o.vars[name] = o.vars[from]
		}
	}
}

// bind notes where the variable of an equation comes from.
func (o *origins) bind(expr *ast.Expr, plug plug) {
	if !expr.IsEquality() {
		return
	}
	left, right := expr.Operand(0), expr.Operand(1)
	a, isVar := left.Value.(ast.Var)
	b, toVar := right.Value.(ast.Var)
	switch {
	case isVar && toVar && o.vars[b] == nil:
		o.set(b, left, plug)
	case isVar:
		o.set(a, right, plug)
	case toVar:
		o.set(b, left, plug)
	}
}

func (o *origins) set(name ast.Var, from *ast.Term, plug plug) {
	ref, complete := o.place(from, plug)
	if delete(o.vars, name); complete {
		o.vars[name] = ref
	}
}

// name notes a rule whose value is a place: `user := input.container.user`.
func (o *origins) name(rule *ast.Rule, plug plug) {
	if rule.Head.Value == nil || len(rule.Head.Args) > 0 || rule.Head.Key != nil {
		return
	}
	if ref, complete := o.place(rule.Head.Value, plug); complete {
		o.rules[rule.Ref().String()] = ref
	}
}

// place is where a term's value comes from, as far as it is known; the result
// says whether that is all of it. It is nil for what is no part of the input
// or of the data.
func (o *origins) place(term *ast.Term, plug plug) (ast.Ref, bool) {
	switch value := term.Value.(type) {
	case ast.Var:
		return o.origin(term, plug)
	case ast.Ref:
		if base, rest := o.base(value, plug); base != nil {
			return follow(base, rest, plug)
		}
	}
	return nil, false
}

// origin is where the value of a variable comes from.
func (o *origins) origin(term *ast.Term, plug plug) (ast.Ref, bool) {
	value := plug(term)
	if !value.IsGround() {
		return nil, false
	}
	if ref, known := o.vars[term.Value.(ast.Var)]; known {
		return ref, true
	}
	return o.find(value.Value)
}

// base splits a reference into a place that is known and what is below it.
func (o *origins) base(ref ast.Ref, plug plug) (ast.Ref, ast.Ref) {
	switch {
	case ref[0].Equal(ast.InputRootDocument):
		return ref[:1], ref[1:]
	case !ref[0].Equal(ast.DefaultRootDocument):
		if _, isVar := ref[0].Value.(ast.Var); !isVar {
			return nil, nil
		}
		known, _ := o.origin(ref[0], plug)
		return known, ref[1:]
	}
	for i := len(ref); i > 1; i-- {
		if known, ok := o.rules[ref[:i].String()]; ok {
			return known, ref[i:]
		}
	}
	if n := dataPrefix(ref); n > 0 {
		return ref[:n], ref[n:]
	}
	return nil, nil
}

// follow appends what is known of the rest of a reference.
func follow(base, rest ast.Ref, plug plug) (ast.Ref, bool) {
	ref := append(ast.Ref{}, base...)
	for _, term := range rest {
		value := plug(term)
		if !value.IsGround() {
			return ref, false
		}
		ref = append(ref, value)
	}
	return ref, true
}

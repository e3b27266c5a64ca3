package vet

import (
	"maps"

	"github.com/open-policy-agent/opa/v1/ast"
)

// scope is what is known of the variables of a body; nil says that a variable
// has a value of which nothing is known.
type scope map[ast.Var]*Shape

func (s scope) inner() scope { return maps.Clone(s) }

// learn finds out what the variables of a body are. An expression may need a
// variable of a later one.
func (c *checker) learn(body ast.Body, known scope) {
	for before := -1; before < len(known); {
		before = len(known)
		for _, expr := range body {
			c.learnFrom(expr, known)
		}
	}
}

func (c *checker) learnFrom(expr *ast.Expr, known scope) {
	if expr.Negated || len(expr.With) > 0 || !expr.IsCall() {
		return
	}
	operands := expr.Operands()
	switch {
	case expr.IsEquality() || expr.IsAssignment():
		match(operands[0], c.shapeOf(operands[1], known), known)
		match(operands[1], c.shapeOf(operands[0], known), known)
	case len(operands) > 0:
		match(operands[len(operands)-1], c.result(expr, known), known)
	}
}

// match gives the variables of a pattern what it is unified with.
func match(pattern *ast.Term, with *Shape, known scope) {
	if with == nil {
		return
	}
	switch value := pattern.Value.(type) {
	case ast.Var:
		if _, isBound := known[value]; !isBound {
			known[value] = with
		}
	case ast.Object:
		value.Foreach(func(key, element *ast.Term) {
			if name, ok := key.Value.(ast.String); ok {
				member, _ := with.member(literalText(string(name)))
				match(element, member, known)
			}
		})
	case *ast.Array:
		if with.only(list) {
			value.Foreach(func(element *ast.Term) { match(element, with.values, known) })
		}
	}
}

// shapeOf is the shape of a term, nil when nothing is known.
func (c *checker) shapeOf(term *ast.Term, known scope) *Shape {
	switch value := term.Value.(type) {
	case ast.Null:
		return c.plain(null)
	case ast.Boolean:
		return c.plain(boolean)
	case ast.Number:
		return c.plain(number)
	case ast.String:
		return c.literal(string(value))
	case ast.Var:
		return known[value]
	case ast.Ref:
		return c.shapeOfRef(value, known)
	case *ast.Array:
		return c.made(list, c.elements(value.Foreach, known))
	case ast.Set:
		return c.made(set, c.elements(value.Foreach, known))
	case ast.Object:
		return c.shapeOfObject(value, known)
	case *ast.ArrayComprehension:
		return c.made(list, c.inside(value.Body, value.Term, known))
	case *ast.SetComprehension:
		return c.made(set, c.inside(value.Body, value.Term, known))
	}
	return nil
}

// inside is the shape of a term in the scope of a body.
func (c *checker) inside(body ast.Body, term *ast.Term, known scope) *Shape {
	inner := known.inner()
	c.learn(body, inner)
	return c.shapeOf(term, inner)
}

func (c *checker) elements(each func(func(*ast.Term)), known scope) *Shape {
	var all *Shape
	first := true
	each(func(element *ast.Term) {
		if shape := c.shapeOf(element, known); first {
			all, first = shape, false
		} else {
			all = c.eithers.of(all, shape)
		}
	})
	return all
}

func (c *checker) shapeOfObject(value ast.Object, known scope) *Shape {
	fields := map[string]*Shape{}
	isPlain := value.Len() > 0
	value.Foreach(func(key, element *ast.Term) {
		name, ok := key.Value.(ast.String)
		isPlain = isPlain && ok
		fields[string(name)] = c.shapeOf(element, known)
	})
	if !isPlain {
		return c.plain(object)
	}
	return c.madeObject(fields)
}

func (c *checker) shapeOfRef(ref ast.Ref, known scope) *Shape {
	s, rest := c.root(ref, known)
	for _, step := range rest {
		s, _ = s.member(c.shapeOf(step, known))
	}
	return s
}

// root is the shape of what a reference begins with, and the rest of it.
func (c *checker) root(ref ast.Ref, known scope) (*Shape, ast.Ref) {
	head, _ := ref[0].Value.(ast.Var)
	switch {
	case known[head] != nil:
		return known[head], ref[1:]
	case ref[0].Equal(ast.InputRootDocument):
		return c.input, ref[1:]
	}
	for n := len(ref); n > 1; n-- {
		if rules := c.compiler.GetRulesExact(ref[:n]); len(rules) > 0 {
			return c.all(rules, nil), ref[n:]
		}
	}
	return nil, nil
}

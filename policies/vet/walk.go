package vet

import (
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"
)

// body checks the expressions of a body, and adds to what is known of its
// variables.
func (c *checker) body(body ast.Body, known scope) {
	c.learn(body, known)
	for _, expr := range body {
		c.expr(expr, expr.Negated, known)
	}
}

// expr checks an expression. What stands under a `with` may be about another
// request.
func (c *checker) expr(expr *ast.Expr, negated bool, known scope) {
	if len(expr.With) > 0 {
		return
	}
	switch terms := expr.Terms.(type) {
	case *ast.Term:
		c.term(terms, known)
		c.condition(terms, negated, known)
	case []*ast.Term:
		for _, term := range terms[1:] {
			c.term(term, known)
		}
		c.call(expr, negated, known)
	case *ast.Not:
		c.not(terms.Body, known.inner())
	case *ast.LogicalAnd:
		c.body(terms.Lhs, known.inner())
		c.body(terms.Rhs, known.inner())
	case *ast.LogicalOr:
		c.body(terms.Lhs, known.inner())
		c.body(terms.Rhs, known.inner())
	case *ast.Every:
		c.every(terms, known.inner())
	}
}

// not checks what is negated. The last expression is the one that is written;
// those before it, if any, are the compiler's.
func (c *checker) not(body ast.Body, known scope) {
	c.learn(body, known)
	for i, expr := range body {
		c.expr(expr, i == len(body)-1, known)
	}
}

func (c *checker) every(every *ast.Every, known scope) {
	c.term(every.Domain, known)
	if domain := c.shapeOf(every.Domain, known); domain != nil {
		match(every.Value, domain.values, known)
	}
	c.body(every.Body, known)
}

// term checks the references in a term, and the bodies of comprehensions.
func (c *checker) term(term *ast.Term, known scope) {
	ast.WalkTerms(term, func(t *ast.Term) bool {
		switch value := t.Value.(type) {
		case ast.Ref:
			c.reference(value, known)
		case *ast.ArrayComprehension:
			c.body(value.Body, known.inner())
			return true
		case *ast.SetComprehension:
			c.body(value.Body, known.inner())
			return true
		case *ast.ObjectComprehension:
			c.body(value.Body, known.inner())
			return true
		}
		return false
	})
}

// call checks a call of a function or an operator.
func (c *checker) call(call *ast.Expr, negated bool, known scope) {
	c.result(call, known) // looks into functions of the site
	operands := call.Operands()
	switch name := call.Operator().String(); {
	case name == "object.get":
		c.path(call.Location, operands[0], operands[1], known)
	case call.Generated: // nobody has written it
	case slices.Contains(comparisons, name):
		c.compare(call.Location, name, operands[0], operands[1], known)
	case name == "internal.member_2":
		c.compareElements(call.Location, operands[0], operands[1], known)
	default:
		c.numberAsCondition(call, negated)
	}
}

package vet

import (
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/bulwark-authz/bulwark/policies/yamlschema"
)

var comparisons = []string{"eq", "equal", "neq", "lt", "lte", "gt", "gte"}

// compare finds two sides of which it is known beforehand what comes of
// comparing them.
func (c *checker) compare(at *ast.Location, operator string, left, right *ast.Term, known scope) {
	a, b := c.shapeOf(left, known), c.shapeOf(right, known)
	if a == nil || b == nil {
		return
	}
	switch j := c.judge(at, "kinds"); {
	case a.kinds&b.kinds != 0 || asksForNull(operator, a, b):
		j.right = true
	case !c.several:
		j.fault(at, "%s is compared with %s, and what comes of that is the same for every request", a.kinds, b.kinds)
	}
	if isEquality := operator == "eq" || operator == "equal" || operator == "neq"; isEquality {
		c.compareWords(at, a, b)
	}
}

// asksForNull is a way to ask whether something is there.
func asksForNull(operator string, a, b *Shape) bool {
	return operator == "neq" && (a.only(null) || b.only(null))
}

// compareElements is compare for `x in list`.
func (c *checker) compareElements(at *ast.Location, element, all *ast.Term, known scope) {
	a, b := c.shapeOf(element, known), c.shapeOf(all, known)
	if a == nil || b == nil || b.values == nil {
		return
	}
	switch j := c.judge(at, "kinds"); {
	case a.kinds&b.values.kinds != 0:
		j.right = true
	case !c.several:
		j.fault(at, "%s is looked for among elements that are each %s, and is never there", a.kinds, b.values.kinds)
	}
	c.compareWords(at, a, b.values)
}

// compareWords finds a word of the rule that a field never is.
func (c *checker) compareWords(at *ast.Location, field, written *Shape) {
	if field.literal {
		field, written = written, field
	}
	if field.words == nil || field.literal || !written.literal {
		return
	}
	said := slices.DeleteFunc(slices.Clone(field.words), func(word string) bool { return word == "" })
	for _, word := range written.words {
		if j := c.judge(at, word); slices.Contains(field.words, word) {
			j.right = true
		} else {
			j.fault(at, "%s is never %q%s", field.name, word, yamlschema.Meant(word, said))
		}
	}
}

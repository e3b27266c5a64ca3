package vet

import (
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"
)

// condition finds a field that is always there and never false, so that
// asking for it asks nothing.
func (c *checker) condition(term *ast.Term, negated bool, known scope) {
	ref, ok := term.Value.(ast.Ref)
	if !ok || len(ref) < 2 {
		return
	}
	name, ok := ref[len(ref)-1].Value.(ast.String)
	owner, shape := c.shapeOfRef(ref[:len(ref)-1], known), c.shapeOf(term, known)
	if !ok || owner == nil || c.several {
		return
	}
	switch j := c.judge(ref[0].Location, "condition"); {
	case shape == nil || !owner.always[string(name)] || !c.isThere(ref[:len(ref)-1], known) || shape.kinds&boolean != 0:
		j.right = true
	default:
		j.fault(ref[0].Location, "%s, since %s is always there%s", outcome(negated), c.written(ref), advice(shape, c.written(ref), negated))
	}
}

// isThere reports whether a reference leads to an object in every request. An
// element of a list, an entry of an object and what a rule gives may be
// missing; what a variable has is there.
func (c *checker) isThere(ref ast.Ref, known scope) bool {
	head, _ := ref[0].Value.(ast.Var)
	if known[head] == nil && !ref[0].Equal(ast.InputRootDocument) {
		return false
	}
	s, rest := c.root(ref, known)
	for _, step := range rest {
		name, ok := step.Value.(ast.String)
		if !ok || !s.isGiven() || !s.always[string(name)] {
			return false
		}
		s = s.fields[string(name)]
	}
	return s.isGiven()
}

func outcome(negated bool) string {
	if negated {
		return "this is never true"
	}
	return "this is always true"
}

// advice is what to ask in place of whether something is there.
func advice(s *Shape, ref string, negated bool) string {
	none, some := ", null where there is none; write is_null("+ref+")", ", null where there is none; write "+ref+" != null"
	switch {
	case s.kinds&null != 0: // as it is
	case s.kinds&text != 0 && s.words != nil && !slices.Contains(s.words, ""):
		return ", and never empty; compare it with a word"
	case s.kinds&text != 0:
		none, some = `, "" where there is none; write `+ref+` == ""`, `, "" where there is none; write `+ref+` != ""`
	case s.kinds&number != 0:
		return ", if 0; compare it with a number"
	case s.fields == nil:
		none, some = ", if empty; write count("+ref+") == 0", ", if empty; write count("+ref+") > 0"
	case s.fields["value"] != nil:
		return "; did you mean " + ref + ".value?"
	default:
		return "; ask for what is in it"
	}
	if negated {
		return none
	}
	return some
}

// numberAsCondition finds a number in place of a condition: 0 counts as true.
func (c *checker) numberAsCondition(call *ast.Expr, negated bool) {
	builtin := ast.BuiltinMap[call.Operator().String()]
	if builtin == nil || kindsOf(builtin.Decl.Result()) != number || len(call.Operands()) > len(builtin.Decl.FuncArgs().Args) {
		return
	}
	c.judge(call.Location, "number").fault(call.Location, "%s: %s gives a number, and 0 counts as true; compare it, as in %s(...) > 0", outcome(negated), builtin.Name, builtin.Name)
}

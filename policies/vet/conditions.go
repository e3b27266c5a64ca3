package vet

import "github.com/open-policy-agent/opa/v1/ast"

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
	case shape == nil || !owner.always[string(name)] || shape.kinds&boolean != 0:
		j.right = true
	default:
		j.fault(ref[0].Location, "%s, since %s is always there%s", outcome(negated), c.written(ref), advice(shape, c.written(ref), negated))
	}
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

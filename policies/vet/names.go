package vet

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/bulwark-authz/bulwark/policies/yamlschema"
)

// plainName needs no quotes in a reference.
var plainName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// reference finds a name that what stands before it cannot have.
func (c *checker) reference(ref ast.Ref, known scope) {
	s, rest := c.root(ref, known)
	from := max(len(ref)-len(rest)-1, 0) // a rule of the package is called by its name
	for i, step := range rest {
		key := c.shapeOf(step, known)
		member, ok := s.member(key)
		if !c.spelt(ref[0].Location, c.written(ref[from:len(ref)-len(rest)+i+1]), s, key, ok) {
			return
		}
		s = member
	}
}

// path finds such a name in what object.get goes along.
func (c *checker) path(at *ast.Location, object, path *ast.Term, known scope) {
	steps := []*ast.Term{path}
	if array, ok := path.Value.(*ast.Array); ok {
		steps = nil
		array.Foreach(func(step *ast.Term) { steps = append(steps, step) })
	}
	s := c.shapeOf(object, known)
	for _, step := range steps {
		key := c.shapeOf(step, known)
		member, ok := s.member(key)
		if !c.spelt(at, "object.get", s, key, ok) {
			return
		}
		s = member
	}
}

// spelt judges a key in a value, and gives back whether it can be there.
func (c *checker) spelt(at *ast.Location, where string, in, key *Shape, ok bool) bool {
	if in == nil || key == nil || !key.literal {
		return ok
	}
	name, names := key.words[0], in.Names()
	switch j := c.judge(at, where+" "+name); {
	case ok:
		j.right = true
	case !c.several || yamlschema.Nearest(name, names) != "":
		j.fault(at, "%s: there is no %q%s", where, name, yamlschema.Meant(name, names))
	}
	return ok
}

// written is a reference with the variables that the author wrote.
func (c *checker) written(ref ast.Ref) string {
	var text strings.Builder
	for i, term := range ref {
		switch value := term.Value.(type) {
		case ast.Var:
			name := c.nameOf(value)
			if i > 0 {
				name = "[" + name + "]"
			}
			text.WriteString(name)
		case ast.String:
			switch {
			case i == 0:
				text.WriteString(string(value))
			case plainName.MatchString(string(value)):
				text.WriteString("." + string(value))
			default:
				text.WriteString("[" + strconv.Quote(string(value)) + "]")
			}
		default:
			text.WriteString("[" + term.String() + "]")
		}
	}
	return text.String()
}

// nameOf is what the author called a variable that the compiler renamed, `_`
// for one of the compiler's own.
func (c *checker) nameOf(v ast.Var) string {
	for renamed, ok := c.compiler.RewrittenVars[v]; ok; renamed, ok = c.compiler.RewrittenVars[v] {
		v = renamed
	}
	if v.IsGenerated() || v.IsWildcard() {
		return "_"
	}
	return string(v)
}

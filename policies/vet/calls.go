package vet

import (
	"fmt"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/types"
)

// all is the shape of what several definitions give.
func (c *checker) all(rules []*ast.Rule, arguments []*Shape) *Shape {
	defer func(outside bool) { c.several = outside }(c.several)
	c.several = c.several || len(arguments) > 0 && definitions(rules) > 1
	var all *Shape
	for i, rule := range rules {
		if s := c.define(rule, arguments); i == 0 {
			all = s
		} else {
			all = c.eithers.of(all, s)
		}
	}
	return all
}

// definitions counts those that look at what they are given.
func definitions(rules []*ast.Rule) int {
	n := 0
	for _, rule := range rules {
		if !rule.Default {
			n++
		}
	}
	return n
}

// define checks a definition for what it is called with, once, and is the
// shape of its value.
func (c *checker) define(rule *ast.Rule, arguments []*Shape) *Shape {
	key := fmt.Sprintf("%p %p %t", rule, c.input, c.several)
	for _, argument := range arguments {
		key += fmt.Sprintf(" %p", argument)
	}
	if known, done := c.defined[key]; done {
		return known
	}
	c.defined[key] = nil
	known := scope{}
	for i, pattern := range rule.Head.Args {
		if i < len(arguments) {
			match(pattern, arguments[i], known)
		}
		ast.WalkVars(pattern, func(v ast.Var) bool {
			if _, isBound := known[v]; !isBound {
				known[v] = nil // and not what it is compared with
			}
			return false
		})
	}
	c.body(rule.Body, known)
	s := c.headShape(rule, known)
	if rule.Else != nil {
		s = c.eithers.of(s, c.define(rule.Else, arguments))
	}
	c.defined[key] = s
	return s
}

// headShape is nil for a rule with several keys, of which only some are known.
func (c *checker) headShape(rule *ast.Rule, known scope) *Shape {
	head := rule.Head
	switch {
	case len(head.Ref()) > 1:
		return nil
	case head.RuleKind() == ast.MultiValue:
		return c.made(set, c.shapeOf(head.Key, known))
	case head.Value != nil:
		return c.shapeOf(head.Value, known)
	}
	return c.plain(boolean)
}

// result is the shape of what a call gives, and nil for one that says whether
// its last argument is the result.
func (c *checker) result(call *ast.Expr, known scope) *Shape {
	operands := call.Operands()
	if builtin := ast.BuiltinMap[call.Operator().String()]; builtin != nil {
		if builtin.Relation || len(operands) <= len(builtin.Decl.FuncArgs().Args) {
			return nil
		}
		return c.plain(kindsOf(builtin.Decl.Result()))
	}
	rules := c.compiler.GetRulesExact(call.Operator())
	if len(rules) == 0 {
		return nil
	}
	var arguments []*Shape
	for _, operand := range operands {
		arguments = append(arguments, c.shapeOf(operand, known))
	}
	value := c.all(rules, arguments)
	if len(operands) <= len(rules[0].Head.Args) {
		return nil
	}
	return value
}

// kindsOf are those of a type of OPA, 0 when it may be anything.
func kindsOf(t types.Type) kinds {
	switch t := t.(type) {
	case types.Null:
		return null
	case types.Boolean:
		return boolean
	case types.Number:
		return number
	case types.String:
		return text
	case *types.NamedType:
		return kindsOf(t.Type)
	case *types.Array:
		return list
	case *types.Set:
		return set
	case *types.Object:
		return object
	case types.Any:
		var all kinds
		for _, one := range t {
			if kindsOf(one) == 0 {
				return 0
			}
			all |= kindsOf(one)
		}
		return all
	}
	return 0
}

// plain is the shape of what has a kind and no more is known of, the same one
// each time; nil for no kind.
func (c *checker) plain(k kinds) *Shape {
	if k == 0 {
		return nil
	}
	if c.plains[k] == nil {
		c.plains[k] = &Shape{kinds: k}
	}
	return c.plains[k]
}

// literal is the shape of a text in a rule, the same one each time.
func (c *checker) literal(word string) *Shape {
	if c.literals[word] == nil {
		c.literals[word] = literalText(word)
	}
	return c.literals[word]
}

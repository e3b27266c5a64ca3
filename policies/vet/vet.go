// Package vet finds what compiles and never does what its author means: a
// misspelt name where OPA does not look, a condition that is true of every
// request, a comparison that no request changes. It follows what is known of
// the request into functions, `every` and comprehensions, and says nothing
// about what it does not know.
package vet

import (
	"fmt"
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"
)

// Fault is a mistake at a place.
type Fault struct {
	At   *ast.Location
	Text string
}

// Module is what is checked, as it was compiled.
type Module struct {
	*ast.Module
	// Input is the shape of the requests that it is about.
	Input *Shape
	// Denies is true where only deny is asked for from elsewhere.
	Denies bool
}

// Check finds the faults of modules that a compiler has compiled.
func Check(compiler *ast.Compiler, modules []Module) []Fault {
	c := &checker{compiler: compiler, judged: map[string]*judgement{}, defined: map[string]*Shape{}, plains: map[kinds]*Shape{}, literals: map[string]*Shape{},
		composed: map[string]*Shape{}, eithers: eithers{}}
	for _, module := range modules {
		c.input = module.Input
		for _, rule := range module.Rules {
			c.define(rule, nil)
		}
	}
	return append(c.faults(), unused(modules)...)
}

type checker struct {
	compiler *ast.Compiler
	input    *Shape
	// several is true in a function with several definitions. They may be
	// there to tell one kind of value from another.
	several bool

	judged   map[string]*judgement
	order    []*judgement
	defined  map[string]*Shape // by definition and what it is called with
	plains   map[kinds]*Shape
	literals map[string]*Shape
	composed map[string]*Shape // by what they are made of
	eithers  eithers
}

// judgement is what all calls of a function say about a place in it: what is
// right for one of them is no fault.
type judgement struct {
	Fault
	right bool
}

// judge is the judgement about a place, one that nobody reads for what the
// compiler has put in.
func (c *checker) judge(at *ast.Location, about string) *judgement {
	if at == nil {
		return &judgement{}
	}
	key := fmt.Sprintf("%s:%d:%d %s", at.File, at.Row, at.Col, about)
	if c.judged[key] == nil {
		c.judged[key] = &judgement{}
		c.order = append(c.order, c.judged[key])
	}
	return c.judged[key]
}

func (j *judgement) fault(at *ast.Location, format string, args ...any) {
	if j.At == nil {
		j.Fault = Fault{At: at, Text: fmt.Sprintf(format, args...)}
	}
}

func (c *checker) faults() []Fault {
	var all []Fault
	for _, j := range c.order {
		if j.At != nil && !j.right {
			all = append(all, j.Fault)
		}
	}
	slices.SortStableFunc(all, func(a, b Fault) int { return a.At.Compare(b.At) })
	return all
}

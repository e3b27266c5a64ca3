package policies

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/bulwark-authz/bulwark/policies/vet"
)

// vetSite refuses in a site's modules what compiles and never does what is
// meant.
func (b *Bundle) vetSite(compiler *ast.Compiler) error {
	var files []string
	for _, file := range sortedKeys(b.modules) {
		if isSite(b.modules[file]) {
			files = append(files, file)
		}
	}
	if len(files) == 0 {
		return nil
	}
	return b.vet(compiler, files)
}

func (b *Bundle) vet(compiler *ast.Compiler, files []string) error {
	input, bodies, err := shapes()
	if err != nil {
		return err
	}
	var modules []vet.Module
	for _, file := range files {
		module := compiler.Modules[file]
		modules = append(modules, vet.Module{Module: module, Denies: isRule(module), Input: input.With("body", bodyOf(bodies, b.operationsOf(module)))})
	}
	var errs []error
	for _, fault := range vet.Check(compiler, modules) {
		errs = append(errs, fmt.Errorf("%s: %s", place(fault.At), fault.Text))
	}
	return errors.Join(errs...)
}

// shapes are those of the input, and of its body by operation.
func shapes() (input, bodies *vet.Shape, err error) {
	read := func(file string) *vet.Shape {
		text, fault := fs.ReadFile(files, file)
		if err = errors.Join(err, fault); err != nil {
			return nil
		}
		shape, fault := vet.Read(text)
		err = errors.Join(err, fault)
		return shape
	}
	return read("schemas/input.json"), read("schemas/bodies.json"), err
}

// bodyOf is the shape of a body of any of some operations.
func bodyOf(bodies *vet.Shape, operations []string) *vet.Shape {
	var all *vet.Shape
	for _, name := range bodies.Names() {
		body := bodies.Field(name)
		switch {
		case !slices.Contains(operations, name) && !slices.Contains(operations, EveryOperation):
		case all == nil:
			all = body
		default:
			all = vet.Either(all, body)
		}
	}
	return all
}

// operationsOf are those that a module is asked about: a rule's own, and any
// for what several rules call.
func (b *Bundle) operationsOf(module *ast.Module) []string {
	for _, rule := range b.Rules {
		if slices.Equal(rule.Package(), packagePath(module)) {
			return rule.Operations
		}
	}
	return []string{EveryOperation}
}

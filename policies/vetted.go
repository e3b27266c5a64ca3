package policies

import (
	"encoding/json"
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
	if len(b.site) == 0 {
		return nil
	}
	return b.vet(compiler, sortedKeys(b.site))
}

func (b *Bundle) vet(compiler *ast.Compiler, files []string) error {
	input, bodies, err := shapes()
	if err != nil {
		return err
	}
	objects, err := objectsByOperation()
	if err != nil {
		return err
	}
	var modules []vet.Module
	for _, file := range files {
		module := compiler.Modules[file]
		operations := b.operationsOf(module)
		about := input.With("body", bodyOf(bodies, operations))
		for _, name := range objectsOf(objects, operations) {
			about = about.With(name, about.Field(name).Given())
		}
		modules = append(modules, vet.Module{Module: module, Denies: isRule(module), Input: about})
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

func objectsByOperation() (map[string][]string, error) {
	text, err := fs.ReadFile(files, "schemas/objects.json")
	if err != nil {
		return nil, err
	}
	var objects map[string][]string
	if err := json.Unmarshal(text, &objects); err != nil {
		return nil, fmt.Errorf("reading schemas/objects.json: %w", err)
	}
	return objects, nil
}

// objectsOf are those that are there for each of some operations.
func objectsOf(objects map[string][]string, operations []string) []string {
	if len(operations) == 0 {
		return nil
	}
	all := slices.Clone(objects[operations[0]])
	for _, operation := range operations[1:] {
		all = slices.DeleteFunc(all, func(name string) bool { return !slices.Contains(objects[operation], name) })
	}
	return all
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

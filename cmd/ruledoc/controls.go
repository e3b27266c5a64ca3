package main

import (
	_ "embed"
	"errors"
	"fmt"
	"slices"

	"go.yaml.in/yaml/v3"

	"github.com/bulwark-authz/bulwark/policies"
)

//go:embed controls.yaml
var controlsFile []byte

// control is a demand of a public standard, with the rules that meet it.
type control struct {
	ID    string `yaml:"id"`
	Title string `yaml:"title"`
	// Why says why no rule can meet it, where none can.
	Why   string `yaml:"why"`
	Rules []policies.Rule
}

// index is what the index page shows.
type index struct {
	Rules []policies.Rule
	// CIS is the benchmark's section on containers, and Others what rules
	// meet of its other sections.
	CIS, Others, PSS []control
}

func newIndex(rules []policies.Rule) (index, error) {
	var tables struct {
		Containers []control `yaml:"cis_containers"`
		Others     []control `yaml:"cis_others"`
		PSS        []control `yaml:"pss"`
	}
	if err := yaml.Unmarshal(controlsFile, &tables); err != nil {
		return index{}, fmt.Errorf("reading controls.yaml: %w", err)
	}
	err := errors.Join(
		assign(rules, func(r policies.Rule) []string { return r.CIS }, tables.Containers, tables.Others),
		assign(rules, func(r policies.Rule) []string { return r.PSS }, tables.PSS),
	)
	met := slices.DeleteFunc(tables.Others, func(c control) bool { return len(c.Rules) == 0 })
	return index{Rules: rules, CIS: tables.Containers, Others: met, PSS: tables.PSS}, err
}

// assign puts each rule behind the controls it names, which must exist.
func assign(rules []policies.Rule, named func(policies.Rule) []string, tables ...[]control) error {
	var errs []error
	for _, rule := range rules {
		for _, id := range named(rule) {
			if c := find(id, tables); c != nil {
				c.Rules = append(c.Rules, rule)
			} else {
				errs = append(errs, fmt.Errorf("rule %s names the control %q, which controls.yaml does not have", rule.Name, id))
			}
		}
	}
	return errors.Join(errs...)
}

func find(id string, tables [][]control) *control {
	for _, table := range tables {
		for i := range table {
			if table[i].ID == id {
				return &table[i]
			}
		}
	}
	return nil
}

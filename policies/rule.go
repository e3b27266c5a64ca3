package policies

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"sync"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/bulwark-authz/bulwark/policies/yamlschema"
)

// EveryOperation is what a rule claims that wants to see all requests, those
// without an operation too.
const EveryOperation = "*"

// NoOperation is what a rule claims that wants to see those requests alone that
// no engine knows.
const NoOperation = "unknown"

// Rule is what is known about a rule without evaluating it: its METADATA, its
// default params and its examples.
type Rule struct {
	// Name is its folder, its package under rules, its key in the settings
	// and the word a denied user reads first.
	Name string
	// Site rules are the operator's, in packages under custom.rules.
	Site bool
	// File is where it is written.
	File        string
	Title       string
	Description string
	Resources   []Resource
	Custom

	// ParamsSchema is nil for a rule without params.
	ParamsSchema *yamlschema.Schema
	// Params are the defaults, from data.yaml.
	Params map[string]any
	// examples are read when they are asked for: serve never does.
	examples func() (Examples, error)
}

// Resource is something to read about a rule.
type Resource struct {
	Description string
	Ref         string
}

// Custom is METADATA's custom section; schemas/rule.json is its schema.
type Custom struct {
	// Severity is low, medium, high or critical.
	Severity string `json:"severity"`
	// Operations are ids of the Engine API, or EveryOperation alone.
	Operations []string `json:"operations"`
	// Profile is the first profile that has the rule; those that build on it
	// have it too.
	Profile string `json:"profile"`
	// CIS are controls of the CIS Docker Benchmark, PSS of the Kubernetes Pod
	// Security Standards.
	CIS []string `json:"cis"`
	PSS []string `json:"pss"`
	// Locked rules are always enforced, whatever the settings say.
	Locked bool `json:"locked"`
	// Remediation ends the sentence that a denied user reads.
	Remediation string `json:"remediation"`
}

// readRule gathers a rule from its folder.
func (b *Bundle) readRule(root fs.FS, name string) (Rule, error) {
	folder := "rules/" + name
	rule := Rule{Name: name, File: folder + "/" + name + ".rego"}
	schema, err := b.metadataSchema()
	if err != nil {
		return Rule{}, err
	}
	text, err := fs.ReadFile(root, rule.File)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return Rule{}, fmt.Errorf("%s is missing", rule.File)
	case err != nil:
		return Rule{}, fmt.Errorf("reading %s: %w", rule.File, err)
	}
	if err := rule.readMetadata(text, schema); err != nil {
		return Rule{}, err
	}
	if err := rule.readParams(root, folder, ""); err != nil {
		return Rule{}, err
	}
	rule.examples = sync.OnceValues(func() (examples Examples, err error) {
		err = readYAML(root, "", folder+"/examples.yaml", "examples", &examples)
		return examples, err
	})
	if !b.tested {
		_, err = rule.Examples()
	}
	return rule, err
}

// Examples are its examples; an error is a fault in their file.
func (r Rule) Examples() (Examples, error) {
	if r.examples == nil {
		return Examples{}, nil
	}
	return r.examples()
}

// Package is the path of its package in data.
func (r *Rule) Package() []string {
	if r.Site {
		return []string{"custom", "rules", r.Name}
	}
	return []string{"rules", r.Name}
}

// ref is a reference into its package.
func (r *Rule) ref(name string) ast.Ref {
	ref := ast.Ref{ast.DefaultRootDocument}
	for _, part := range append(r.Package(), name) {
		ref = ref.Append(ast.StringTerm(part))
	}
	return ref
}

// readParamsSchema reads the schema of params that METADATA has.
func (r *Rule) readParamsSchema(definition any) error {
	text, err := json.Marshal(definition)
	if err != nil {
		return fmt.Errorf("reading the params' schema: %w", err)
	}
	if r.ParamsSchema, err = yamlschema.Parse(text); err != nil {
		return fmt.Errorf("reading the params' schema: %w", err)
	}
	if len(r.ParamsSchema.Required) > 0 {
		return errors.New("the params' schema requires a param; each has a default in data.yaml, so none is required")
	}
	return nil
}

// readParams wants data.yaml exactly where there is a schema for it. dir is
// where root is, for errors.
func (r *Rule) readParams(root fs.FS, folder, dir string) error {
	file := path.Join(dir, folder, "data.yaml")
	text, err := fs.ReadFile(root, folder+"/data.yaml")
	switch {
	case errors.Is(err, fs.ErrNotExist) && r.ParamsSchema == nil:
		return nil
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%s is missing; it holds the defaults of the params, below the key params", file)
	case err != nil:
		return fmt.Errorf("reading default params: %w", err)
	case r.ParamsSchema == nil:
		return fmt.Errorf("%s: params need a schema in METADATA, below `schemas`: `- %s: {type: object, ...}`", file, r.ref("params"))
	}
	var data struct {
		Params map[string]any `yaml:"params"`
	}
	if err := decodeYAML(file, text, r.dataSchema(), &data); err != nil {
		return err
	}
	r.Params = data.Params
	return nil
}

// dataSchema is that of data.yaml: every param has a default.
func (r *Rule) dataSchema() *yamlschema.Schema {
	params := *r.ParamsSchema
	params.Required = slices.Sorted(maps.Keys(params.Properties))
	return &yamlschema.Schema{
		Type: "object", Required: []string{"params"}, Properties: map[string]*yamlschema.Schema{"params": &params},
		AdditionalProperties: &yamlschema.Additional{},
	}
}

// convert moves generic values into a struct that must know every key.
func convert(from, into any) error {
	text, err := json.Marshal(from)
	if err != nil {
		return err
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	return decoder.Decode(into)
}

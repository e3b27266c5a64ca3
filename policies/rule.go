package policies

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"
	"go.yaml.in/yaml/v3"

	"github.com/bulwark-authz/bulwark/policies/yamlschema"
)

// EveryOperation is what a rule claims that wants to see all requests, those
// without an operation too.
const EveryOperation = "*"

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
	Params   map[string]any
	Examples Examples
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
	module := b.modules[folder+"/"+name+".rego"]
	if module == nil {
		return Rule{}, fmt.Errorf("%s/%s.rego is missing", folder, name)
	}
	rule := Rule{Name: name, File: folder + "/" + name + ".rego"}
	if err := rule.readMetadata(module); err != nil {
		return Rule{}, err
	}
	if err := rule.readParams(root, folder); err != nil {
		return Rule{}, err
	}
	if rule.Locked && rule.ParamsSchema != nil {
		return Rule{}, errors.New("a locked rule cannot have params: they could weaken it")
	}
	return rule, readYAML(root, folder+"/examples.yaml", "examples", &rule.Examples)
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

func (r *Rule) readMetadata(module *ast.Module) error {
	i := slices.IndexFunc(module.Annotations, func(a *ast.Annotations) bool { return a.Scope == "package" })
	if i < 0 {
		return errors.New("METADATA of the package is missing: `# METADATA` and what it says, right above the line `package`")
	}
	meta := module.Annotations[i]
	r.Title, r.Description = meta.Title, meta.Description
	for _, resource := range meta.RelatedResources {
		r.Resources = append(r.Resources, Resource{Description: resource.Description, Ref: resource.Ref.String()})
	}
	switch {
	case r.Title == "" || r.Description == "":
		return errors.New("METADATA needs title and description")
	case len(r.Resources) == 0 && !r.Site:
		return errors.New("METADATA needs related_resources")
	}
	if err := r.readCustom(meta.Custom); err != nil {
		return fmt.Errorf("reading METADATA: custom: %w", err)
	}
	return r.readSchemas(meta.Schemas)
}

func (r *Rule) readCustom(custom map[string]any) error {
	var node yaml.Node
	if err := node.Encode(custom); err != nil {
		return err
	}
	schema, err := Schema("rule")
	if err != nil {
		return err
	}
	if r.Site { // it is in force in every profile, unless it names one
		schema.Required = slices.DeleteFunc(schema.Required, func(key string) bool { return key == "profile" })
	}
	if err := asError(schema.Check(&node)); err != nil {
		return err
	}
	if err := convert(custom, &r.Custom); err != nil {
		return err
	}
	if slices.Contains(r.Operations, EveryOperation) && len(r.Operations) > 1 {
		return fmt.Errorf("operations: %q stands alone", EveryOperation)
	}
	return nil
}

// readSchemas wants `input: schema.input`, so that a misspelt field does not
// compile, and takes the params' schema from its place in data.
func (r *Rule) readSchemas(schemas []*ast.SchemaAnnotation) error {
	paramsPath := r.ref("params")
	typedInput := false
	for _, s := range schemas {
		switch {
		case s.Path.Equal(ast.InputRootRef) && s.Schema.Equal(inputSchemaRef):
			typedInput = true
		case s.Path.Equal(paramsPath) && s.Definition != nil:
			text, err := json.Marshal(*s.Definition)
			if err != nil {
				return fmt.Errorf("reading the params' schema: %w", err)
			}
			if r.ParamsSchema, err = yamlschema.Parse(text); err != nil {
				return fmt.Errorf("reading the params' schema: %w", err)
			}
			if len(r.ParamsSchema.Required) > 0 {
				return errors.New("the params' schema requires a param; each has a default in data.yaml, so none is required")
			}
		default:
			return fmt.Errorf("METADATA: schemas: only input and %s have one here, not %s", paramsPath, s.Path)
		}
	}
	if !typedInput && !r.Site { // a site's rules have it without saying so
		return errors.New("METADATA: schemas: needs `input: schema.input`")
	}
	return nil
}

// readParams wants data.yaml exactly where there is a schema for it.
func (r *Rule) readParams(root fs.FS, folder string) error {
	text, err := fs.ReadFile(root, folder+"/data.yaml")
	switch {
	case errors.Is(err, fs.ErrNotExist) && r.ParamsSchema == nil:
		return nil
	case err != nil:
		return fmt.Errorf("reading default params: %w", err)
	case r.ParamsSchema == nil:
		return errors.New("data.yaml needs a schema for its params in METADATA")
	}
	var data struct {
		Params map[string]any `yaml:"params"`
	}
	if err := decodeYAML(text, r.dataSchema(), &data); err != nil {
		return fmt.Errorf("reading data.yaml: %w", err)
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

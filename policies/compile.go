package policies

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/types"
	"go.yaml.in/yaml/v3"
)

// Entrypoint is the one document that a decision is made of.
const Entrypoint = "data.decision.findings"

var (
	inputSchemaRef = ast.MustParseRef("schema.input")
	rulesRef       = ast.MustParseRef("data.rules")
	siteRulesRef   = ast.MustParseRef("data.custom.rules")
	siteRef        = ast.MustParseRef("data.custom")
	strictNot      = ast.MustParseRef("rego.v2")
)

// Compile compiles every module as strictly as OPA can: a field that the input
// or a rule's params do not have, a built-in function outside builtins.yaml,
// an unused variable, and a rule that could fail open are errors.
func (b *Bundle) Compile() (*ast.Compiler, error) {
	var errs []error
	for _, file := range sortedKeys(b.modules) {
		if err := checkModule(b.modules[file]); err != nil {
			errs = append(errs, fmt.Errorf("%s:%w", file, err))
		}
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	compiler, err := newCompiler()
	if err != nil {
		return nil, err
	}
	if compiler.Compile(b.modules); compiler.Failed() {
		return nil, placed(compiler.Errors)
	}
	for _, rule := range b.Rules {
		if err := checkFindings(compiler, rule.ref("deny")); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", rule.File, err))
		}
	}
	errs = append(errs, b.checkData(compiler))
	return compiler, errors.Join(errs...)
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

func isSite(m *ast.Module) bool { return m.Package.Path.HasPrefix(siteRef) }

func newCompiler() (*ast.Compiler, error) {
	capabilities, err := capabilities()
	if err != nil {
		return nil, err
	}
	schemas, err := schemaSet()
	if err != nil {
		return nil, err
	}
	return ast.NewCompiler().
		WithStrict(true).
		WithCapabilities(capabilities).
		WithSchemas(schemas).
		WithUseTypeCheckAnnotations(true), nil
}

// checkModule refuses what OPA accepts and what would let a request pass
// without a word: a deny that is no set of findings, and Rego before v2, in
// which `not f(x)` is undefined, and no denial, when x is.
func checkModule(m *ast.Module) error {
	if !slices.ContainsFunc(m.Imports, func(i *ast.Import) bool { return importRef(i).Equal(strictNot) }) {
		return fmt.Errorf("%d:1: `import rego.v2` is missing", m.Package.Location.Row)
	}
	if !m.Package.Path.HasPrefix(rulesRef) && !m.Package.Path.HasPrefix(siteRulesRef) {
		return nil
	}
	denies := 0
	for _, rule := range m.Rules {
		if rule.Head.Name != "deny" && !rule.Head.Ref()[0].Equal(ast.VarTerm("deny")) {
			continue
		}
		if rule.Head.RuleKind() != ast.MultiValue || len(rule.Head.Ref()) != 1 {
			return fmt.Errorf("%d:%d: deny must be a set: `deny contains {\"field\": ..., \"msg\": ...} if ...`", rule.Location.Row, rule.Location.Col)
		}
		denies++
	}
	if denies == 0 {
		return fmt.Errorf("%d:1: there is no `deny contains ...`", m.Package.Location.Row)
	}
	return nil
}

// checkFindings uses the type that OPA infers for deny: a set of objects with
// field, msg and perhaps fix, all of them text.
func checkFindings(compiler *ast.Compiler, ref ast.Ref) error {
	set, ok := compiler.TypeEnv.GetByRef(ref).(*types.Set)
	if !ok {
		return errors.New("deny is not a set")
	}
	shapes := []types.Type{set.Of()}
	if several, ok := set.Of().(types.Any); ok && len(several) > 0 {
		shapes = several
	}
	for _, shape := range shapes {
		if err := checkFinding(shape); err != nil {
			return err
		}
	}
	return nil
}

func checkFinding(shape types.Type) error {
	object, ok := shape.(*types.Object)
	if !ok || object.DynamicProperties() != nil {
		return fmt.Errorf("deny holds %s, not {\"field\": ..., \"msg\": ...}", types.Sprint(shape))
	}
	missing := []string{"field", "msg"}
	for _, property := range object.StaticProperties() {
		name, _ := property.Key.(string)
		if !slices.Contains([]string{"field", "msg", "fix"}, name) {
			return fmt.Errorf("a finding has field, msg and perhaps fix, not %v", property.Key)
		}
		if types.Compare(property.Value, types.S) != 0 {
			return fmt.Errorf("%s of a finding must be text, not %s", name, types.Sprint(property.Value))
		}
		missing = slices.DeleteFunc(missing, func(m string) bool { return m == name })
	}
	if len(missing) > 0 {
		return fmt.Errorf("a finding needs %s", strings.Join(missing, " and "))
	}
	return nil
}

func importRef(i *ast.Import) ast.Ref {
	ref, _ := i.Path.Value.(ast.Ref)
	return ref
}

// schemaSet offers the schema of the input to METADATA's `schemas`.
func schemaSet() (*ast.SchemaSet, error) {
	text, err := fs.ReadFile(files, "schemas/input.json")
	if err != nil {
		return nil, fmt.Errorf("reading the input's schema: %w", err)
	}
	var schema any
	if err := json.Unmarshal(text, &schema); err != nil {
		return nil, fmt.Errorf("reading the input's schema: %w", err)
	}
	set := ast.NewSchemaSet()
	set.Put(inputSchemaRef, schema)
	set.Put(ast.SchemaRootRef, schema) // for what has no annotation
	return set, nil
}

// capabilities are those of this OPA, with the allowed built-in functions only.
func capabilities() (*ast.Capabilities, error) {
	allowed, _, err := builtins()
	if err != nil {
		return nil, err
	}
	c := ast.CapabilitiesForThisVersion()
	c.AllowNet = []string{}
	c.Builtins = slices.DeleteFunc(c.Builtins, func(f *ast.Builtin) bool { return !slices.Contains(allowed, f.Name) })
	return c, nil
}

// builtins reads builtins.yaml: the functions that are allowed, and those that
// are refused by reason.
func builtins() (allowed []string, refused map[string][]string, err error) {
	text, err := fs.ReadFile(files, "builtins.yaml")
	if err != nil {
		return nil, nil, fmt.Errorf("reading the allowed functions: %w", err)
	}
	var lists struct {
		Allowed []string            `yaml:"allowed"`
		Refused map[string][]string `yaml:"refused"`
	}
	if err := yaml.Unmarshal(text, &lists); err != nil {
		return nil, nil, fmt.Errorf("reading the allowed functions: %w", err)
	}
	return lists.Allowed, lists.Refused, nil
}

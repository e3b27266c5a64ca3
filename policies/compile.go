package policies

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"sync"

	"github.com/open-policy-agent/opa/v1/ast"
	"go.yaml.in/yaml/v3"
)

// Entrypoint is the one document that a decision is made of.
const Entrypoint = "data.decision.findings"

var (
	inputSchemaRef = ast.MustParseRef("schema.input")
	rulesRef       = ast.MustParseRef("data.rules")
	siteRulesRef   = ast.MustParseRef("data.custom.rules")
	siteRef        = ast.MustParseRef("data.custom")
	siteLibRef     = ast.MustParseRef("data.custom.lib")
	siteDataRef    = ast.MustParseRef("data.site")
	strictNot      = ast.MustParseRef("rego.v2")
)

// Compile compiles every module as strictly as OPA can: a field that the input
// or a rule's params do not have, a built-in function outside builtins.yaml,
// an unused variable, and a rule that could fail open are errors.
//
// What is built in has passed in the tests, and does not change: only what
// reads a site's modules is checked again.
func (b *Bundle) Compile() (*ast.Compiler, error) {
	if b.tested {
		return builtInCompiler()()
	}
	modules, err := b.modules()
	if err != nil {
		return nil, err
	}
	var errs []error
	for _, file := range sortedKeys(modules) {
		if err := checkModule(modules[file]); err != nil {
			errs = append(errs, err)
		}
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	compiler, err := newCompiler()
	if err != nil {
		return nil, err
	}
	if compiler.Compile(modules); compiler.Failed() {
		return nil, placed(compiler.Errors)
	}
	for _, rule := range b.Rules {
		errs = append(errs, checkFindings(compiler, modules[rule.File], rule.ref("deny")))
	}
	errs = append(errs, b.checkSite(compiler), b.vetSite(compiler))
	return compiler, errors.Join(errs...)
}

// modules are all that a site's rules are compiled with, by file name.
func (b *Bundle) modules() (map[string]*ast.Module, error) {
	modules, err := parseModules(b.root, ParserOptions())
	if err != nil {
		return nil, err
	}
	maps.Copy(modules, b.site)
	return modules, nil
}

// idle are the stages of the compiler that change nothing in what is built in:
// those that find faults or are needed for that, and those for what no rule has.
// They are half of the time and a third of the memory.
var idle = []ast.StageID{
	ast.StageCheckTypes, ast.StageCheckRecursion, ast.StageCheckRuleConflicts, ast.StageCheckUndefinedFuncs, ast.StageCheckVoidCalls,
	ast.StageCheckKeywordOverrides, ast.StageCheckDuplicateImports, ast.StageCheckUnusedImports, ast.StageCheckSafetyRuleHeads,
	ast.StageCheckUnsafeBuiltins, ast.StageCheckDeprecatedBuiltins, ast.StageBuildRequiredCapabilities,
	ast.StageRewritePrintCalls, ast.StageRewriteWithValues, ast.StageRewriteTestRulesForTracing,
	ast.StageParseMetadataBlocks, ast.StageSetAnnotationSet, ast.StageRewriteRegoMetadataCalls,
	ast.StageSetGraph, ast.StageBuildComprehensionIndices,
}

// Prepare parses what is built in, and compiles it in the background. Whoever has
// other things to do before Compile loses no time then.
func Prepare() { builtInCompiler() }

// builtInCompiler is a promise of what is built in, idle stages left out. Nothing
// changes it: all policies without rules of a site share it.
var builtInCompiler = sync.OnceValue(func() func() (*ast.Compiler, error) {
	modules, err := parseModules(files, testedOptions())
	compiled := sync.OnceValues(func() (*ast.Compiler, error) {
		if err != nil {
			return nil, err
		}
		compiler := ast.NewCompiler().WithSkipStages(idle...)
		if compiler.Compile(modules); compiler.Failed() {
			return nil, placed(compiler.Errors)
		}
		return compiler, nil
	})
	go func() { _, _ = compiled() }() // Compile says what went wrong
	return compiled
})

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

func newCompiler() (*ast.Compiler, error) {
	builtins, err := builtins()
	if err != nil {
		return nil, err
	}
	schemas, err := schemaSet()
	if err != nil {
		return nil, err
	}
	return ast.NewCompiler().
		WithStrict(true).
		WithCapabilities(capabilities(builtins.Allowed)).
		WithSchemas(schemas).
		WithUseTypeCheckAnnotations(true), nil
}

// checkModule refuses what OPA accepts and what would let a request pass
// without a word: a deny that is no set of findings, and Rego before v2, in
// which `not f(x)` is undefined, and no denial, when x is.
func checkModule(m *ast.Module) error {
	if !slices.ContainsFunc(m.Imports, func(i *ast.Import) bool { return importRef(i).Equal(strictNot) }) {
		return fmt.Errorf("%s: `import rego.v2` is missing below this line (rego.v1 is not enough)", place(m.Package.Location))
	}
	if !isRule(m) {
		return nil
	}
	for _, rule := range denies(m) {
		if rule.Head.RuleKind() != ast.MultiValue || len(rule.Head.Ref()) != 1 {
			return fmt.Errorf("%s: deny must be a set: `deny contains {\"field\": ..., \"msg\": ...} if ...`", place(rule.Location))
		}
	}
	if len(denies(m)) == 0 && path.Base(m.Package.Location.File) == packagePath(m)[len(packagePath(m))-1]+".rego" {
		return fmt.Errorf("%s: the rule denies nothing; it needs `deny contains {\"field\": ..., \"msg\": ...} if ...`", place(m.Package.Location))
	}
	return nil
}

// isRule reports whether a module is one that is asked for deny.
func isRule(m *ast.Module) bool {
	return m.Package.Path.HasPrefix(rulesRef) && len(m.Package.Path) == len(rulesRef)+1 ||
		m.Package.Path.HasPrefix(siteRulesRef) && len(m.Package.Path) == len(siteRulesRef)+1
}

// denies are the definitions of deny.
func denies(m *ast.Module) []*ast.Rule {
	return slices.DeleteFunc(slices.Clone(m.Rules), func(r *ast.Rule) bool {
		return r.Head.Name != "deny" && !r.Head.Ref()[0].Equal(ast.VarTerm("deny"))
	})
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

// capabilities are those of this OPA, with some of its built-in functions only.
func capabilities(allowed []string) *ast.Capabilities {
	c := ast.CapabilitiesForThisVersion()
	c.AllowNet = []string{}
	c.Builtins = slices.DeleteFunc(c.Builtins, func(f *ast.Builtin) bool { return !slices.Contains(allowed, f.Name) })
	return c
}

// functions are those of builtins.yaml.
type functions struct {
	// Allowed in a rule.
	Allowed []string `yaml:"allowed"`
	// Authz are allowed in a policy for opa-docker-authz, and Refused
	// nowhere, by the reason why they are in no rule.
	Authz   map[string][]string `yaml:"authz"`
	Refused map[string][]string `yaml:"refused"`
}

// authz are those of a policy for opa-docker-authz.
func (f functions) authz() []string {
	return slices.Concat(append(slices.Collect(maps.Values(f.Authz)), f.Allowed)...)
}

// builtins reads builtins.yaml.
func builtins() (functions, error) {
	var lists functions
	text, err := fs.ReadFile(files, "builtins.yaml")
	if err != nil {
		return lists, fmt.Errorf("reading the allowed functions: %w", err)
	}
	if err := yaml.Unmarshal(text, &lists); err != nil {
		return lists, fmt.Errorf("reading the allowed functions: %w", err)
	}
	return lists, nil
}

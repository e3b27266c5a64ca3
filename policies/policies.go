// Package policies holds the rules, written in Rego, and everything about them
// that is not Rego: metadata, default params, examples, profiles, schemas.
package policies

import (
	"cmp"
	"embed"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/open-policy-agent/opa/v1/ast"
)

//go:generate go test . -run "TestInputSchema|TestBodySchema|TestObjects" -update

//go:embed builtins.yaml decision lib profiles rules schemas
var files embed.FS

// Bundle is a set of rules with what belongs to them.
type Bundle struct {
	// Rules are sorted by name.
	Rules []Rule
	// Profiles are by name.
	Profiles map[string]Profile

	modules map[string]*ast.Module // by file name, tests aside
	// tested is true while it holds what is built in and no more.
	tested   bool
	authz    map[string]*ast.Module // written for opa-docker-authz
	siteData map[string]any
}

// Rule finds a rule by its name.
func (b *Bundle) Rule(name string) (Rule, bool) {
	i := slices.IndexFunc(b.Rules, func(r Rule) bool { return r.Name == name })
	if i < 0 {
		return Rule{}, false
	}
	return b.Rules[i], true
}

// builtIn is parsed once; nothing changes what is in it.
var builtIn = sync.OnceValues(func() (*Bundle, error) { return read(files, true) })

// Load returns the rules that are built in.
func Load() (*Bundle, error) {
	b, err := builtIn()
	if err != nil {
		return nil, err
	}
	return &Bundle{Rules: slices.Clone(b.Rules), Profiles: b.Profiles, modules: maps.Clone(b.modules), tested: b.tested, authz: map[string]*ast.Module{}}, nil
}

// Rules returns the rules that are built in, sorted by name.
func Rules() ([]Rule, error) {
	bundle, err := Load()
	if err != nil {
		return nil, err
	}
	return bundle.Rules, nil
}

// Read reads a bundle with the folders decision, rules and profiles. What it
// returns is complete and consistent, but not compiled yet.
func Read(root fs.FS) (*Bundle, error) { return read(root, false) }

// read leaves out of what is tested the checks that a test has made.
func read(root fs.FS, tested bool) (*Bundle, error) {
	b := &Bundle{tested: tested, modules: map[string]*ast.Module{}, authz: map[string]*ast.Module{}}
	if err := b.readModules(root); err != nil {
		return nil, err
	}
	folders, err := fs.ReadDir(root, "rules")
	if err != nil {
		return nil, fmt.Errorf("listing rules: %w", err)
	}
	b.Rules = make([]Rule, len(folders))
	err = sideBySide(len(folders), func(i int) (err error) {
		if b.Rules[i], err = b.readRule(root, folders[i].Name()); err != nil {
			return fmt.Errorf("reading rule %s: %w", folders[i].Name(), err)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if b.Profiles, err = readProfiles(root, b.Rules); err != nil {
		return nil, err
	}
	for name := range b.Profiles {
		if _, err := b.Chain(name); err != nil {
			return nil, fmt.Errorf("reading profile %s: %w", name, err)
		}
	}
	return b, nil
}

// readModules parses every Rego file, and makes sure that it stands in the
// folder of its package: a file elsewhere could redefine another rule.
func (b *Bundle) readModules(root fs.FS) error {
	var names []string
	err := fs.WalkDir(root, ".", func(file string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && path.Ext(file) == ".rego" && !strings.HasSuffix(file, "_test.rego") {
			names = append(names, file)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("listing rules: %w", err)
	}
	modules := make([]*ast.Module, len(names))
	err = sideBySide(len(names), func(i int) (err error) {
		modules[i], err = parse(root, names[i])
		return err
	})
	for i, module := range modules {
		b.modules[names[i]] = module
	}
	return err
}

// sideBySide does work for every number below n, and returns the error of the
// lowest: reading the rules is half of what a start takes.
func sideBySide(n int, work func(i int) error) error {
	errs := make([]error, n)
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { errs[i] = work(i) })
	}
	all.Wait()
	return cmp.Or(errs...)
}

// ParserOptions are those of every Rego text. They have the capabilities of this
// OPA, which it would otherwise put together for each.
var ParserOptions = sync.OnceValue(func() ast.ParserOptions {
	return ast.ParserOptions{ProcessAnnotation: true, RegoVersion: ast.RegoV1, Capabilities: ast.CapabilitiesForThisVersion()}
})

func parse(root fs.FS, file string) (*ast.Module, error) {
	text, err := fs.ReadFile(root, file)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", file, err)
	}
	module, err := ast.ParseModuleWithOpts(file, string(text), ParserOptions())
	if err != nil {
		return nil, fmt.Errorf("parsing %s: %w", file, err)
	}
	if module == nil {
		return nil, fmt.Errorf("parsing %s: the file is empty", file)
	}
	if dir := strings.Join(packagePath(module), "/"); dir != path.Dir(file) && !strings.HasSuffix(file, "_test.rego") {
		return nil, fmt.Errorf("reading %s: package %s belongs into the folder %s", file, strings.Join(packagePath(module), "."), dir)
	}
	return module, nil
}

// packagePath is [rules root_user] for the package rules.root_user.
func packagePath(m *ast.Module) []string {
	var names []string
	for _, term := range m.Package.Path[1:] {
		if name, ok := term.Value.(ast.String); ok {
			names = append(names, string(name))
		}
	}
	return names
}

// Package policies holds the rules, written in Rego, and everything about them
// that is not Rego: metadata, default params, examples, profiles, schemas.
package policies

import (
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"sync"

	"github.com/open-policy-agent/opa/v1/ast"
	"golang.org/x/sync/errgroup"
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

	root fs.FS // of the modules that are not a site's
	// tested is true while it holds what is built in and no more.
	tested   bool
	site     map[string]*ast.Module // by file name, tests aside
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

// builtIn is read once; nothing changes what is in it.
var builtIn = sync.OnceValues(func() (*Bundle, error) { return read(files, true) })

// Load returns the rules that are built in.
func Load() (*Bundle, error) {
	b, err := builtIn()
	if err != nil {
		return nil, err
	}
	own := *b
	own.Rules, own.site, own.authz = slices.Clone(b.Rules), map[string]*ast.Module{}, map[string]*ast.Module{}
	return &own, nil
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
// returns is complete and consistent, but for the Rego, which Compile parses.
func Read(root fs.FS) (*Bundle, error) { return read(root, false) }

// read leaves out of what is tested the checks that a test has made.
func read(root fs.FS, tested bool) (*Bundle, error) {
	b := &Bundle{root: root, tested: tested, site: map[string]*ast.Module{}, authz: map[string]*ast.Module{}}
	folders, err := fs.ReadDir(root, "rules")
	if err != nil {
		return nil, fmt.Errorf("listing rules: %w", err)
	}
	b.Rules = make([]Rule, len(folders))
	var reading errgroup.Group
	for i, folder := range folders {
		reading.Go(func() (err error) {
			if b.Rules[i], err = b.readRule(root, folder.Name()); err != nil {
				return fmt.Errorf("reading rule %s: %w", folder.Name(), err)
			}
			return nil
		})
	}
	if err := reading.Wait(); err != nil {
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

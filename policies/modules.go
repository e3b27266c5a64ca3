package policies

import (
	"fmt"
	"io/fs"
	"path"
	"strings"
	"sync"

	"github.com/open-policy-agent/opa/v1/ast"
	"golang.org/x/sync/errgroup"
)

// parseModules parses every Rego file, tests aside, and makes sure that it stands
// in the folder of its package: a file elsewhere could redefine another rule.
func parseModules(root fs.FS, options ast.ParserOptions) (map[string]*ast.Module, error) {
	var names []string
	err := fs.WalkDir(root, ".", func(file string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && path.Ext(file) == ".rego" && !strings.HasSuffix(file, "_test.rego") {
			names = append(names, file)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("listing rules: %w", err)
	}
	parsed := make([]*ast.Module, len(names))
	var parsing errgroup.Group
	for i, name := range names {
		parsing.Go(func() (err error) {
			if parsed[i], err = parse(root, name, options); err == nil {
				parsed[i].Comments = nil // a third of the text, of which nothing is needed
			}
			return err
		})
	}
	if err := parsing.Wait(); err != nil {
		return nil, err
	}
	modules := make(map[string]*ast.Module, len(names))
	for i, module := range parsed {
		modules[names[i]] = module
	}
	return modules, nil
}

// ParserOptions are those of every Rego text. They have the capabilities of this
// OPA, which it would otherwise put together for each.
var ParserOptions = sync.OnceValue(func() ast.ParserOptions {
	return ast.ParserOptions{ProcessAnnotation: true, RegoVersion: ast.RegoV1, Capabilities: ast.CapabilitiesForThisVersion()}
})

// testedOptions leave METADATA unread, half of what parsing takes: only the
// check of types needs it.
func testedOptions() ast.ParserOptions {
	options := ParserOptions()
	options.ProcessAnnotation = false
	return options
}

func parse(root fs.FS, file string, options ast.ParserOptions) (*ast.Module, error) {
	text, err := fs.ReadFile(root, file)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", file, err)
	}
	module, err := ast.ParseModuleWithOpts(file, string(text), options)
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

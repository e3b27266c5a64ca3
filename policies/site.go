package policies

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// Site is what an operator adds to the built-in rules, in a folder:
//
//	rules/<rule>/<rule>.rego  package custom.rules.<rule>, of the same shape as ours
//	lib/<name>/*.rego         package custom.lib.<name>, for what several rules need
//	data/<name>.yaml          read by rules as data.site.<name>; .yml and .json too
//	rules/...                 a file with package docker.authz, written for opa-docker-authz
type Site struct {
	Files fs.FS
	// Dir is what the folder is called in errors.
	Dir string
	// Operations are the ids that a rule may claim.
	Operations []string
}

// Add adds a site to a bundle. The error joins one error for each fault, with
// its file, line and column.
func (b *Bundle) Add(site Site) error {
	if err := b.readSiteModules(site); err != nil {
		return err
	}
	var errs []error
	folders, err := readDir(site.Files, "rules")
	if err != nil {
		return fmt.Errorf("listing the rules in %s: %w", site.Dir, err)
	}
	for _, folder := range folders {
		if !folder.IsDir() || b.holdsAuthz(site, folder.Name()) {
			continue
		}
		rule, err := b.readSiteRule(site, folder.Name())
		if err != nil {
			errs = append(errs, err)
			continue
		}
		b.Rules = append(b.Rules, rule)
	}
	slices.SortFunc(b.Rules, func(x, y Rule) int { return strings.Compare(x.Name, y.Name) })
	if b.siteData, err = readSiteData(site); err != nil {
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// readDir is fs.ReadDir, for which a folder that does not exist is empty.
func readDir(root fs.FS, dir string) ([]fs.DirEntry, error) {
	entries, err := fs.ReadDir(root, dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return entries, err
}

// readSiteModules parses every Rego file of rules and lib, tests aside.
func (b *Bundle) readSiteModules(site Site) error {
	var errs []error
	for _, dir := range []string{"rules", "lib"} {
		err := fs.WalkDir(site.Files, dir, func(file string, entry fs.DirEntry, err error) error {
			switch {
			case errors.Is(err, fs.ErrNotExist) && file == dir:
				return fs.SkipDir
			case err != nil:
				return fmt.Errorf("listing the rules in %s: %w", site.Dir, err)
			case entry.IsDir(), path.Ext(file) != ".rego", strings.HasSuffix(file, "_test.rego"):
				return nil
			}
			errs = append(errs, b.readSiteModule(site, file))
			return nil
		})
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

func (b *Bundle) readSiteModule(site Site, file string) error {
	text, err := fs.ReadFile(site.Files, file)
	if err != nil {
		return fmt.Errorf("reading %s: %w", path.Join(site.Dir, file), err)
	}
	name := path.Join(site.Dir, file)
	module, err := ast.ParseModuleWithOpts(name, string(text), ast.ParserOptions{ProcessAnnotation: true, RegoVersion: ast.RegoV1})
	if old := parseAuthz(name, text); old != nil {
		b.authz[file] = old
		return nil
	}
	switch {
	case err != nil:
		return placed(err)
	case module == nil:
		return fmt.Errorf("%s: the file is empty; write a rule into it, or remove it", name)
	}
	want := strings.ReplaceAll(path.Join("custom", path.Dir(file)), "/", ".")
	if is := strings.Join(packagePath(module), "."); is != want {
		return fmt.Errorf("%s:%d:%d: the package must be %s, after its folder, not %s",
			name, module.Package.Location.Row, module.Package.Location.Col, want, is)
	}
	b.modules[name] = module
	return nil
}

var ruleName = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

func (b *Bundle) readSiteRule(site Site, name string) (Rule, error) {
	folder := path.Join("rules", name)
	place := path.Join(site.Dir, folder)
	file := path.Join(place, name+".rego")
	switch _, taken := b.Rule(name); {
	case !ruleName.MatchString(name):
		return Rule{}, fmt.Errorf("%s: the name of a rule is lower case, digits and _, not %q", place, name)
	case taken:
		return Rule{}, fmt.Errorf("%s: %s is the name of a built-in rule; choose another one", place, name)
	case b.modules[file] == nil:
		return Rule{}, fmt.Errorf("%s: a rule needs the file %s.rego", place, name)
	}
	rule := Rule{Name: name, Site: true, File: file}
	if err := rule.readMetadata(b.modules[file]); err != nil {
		return Rule{}, fmt.Errorf("%s:1:1: %w", file, err)
	}
	for _, operation := range rule.Operations {
		if operation != EveryOperation && !slices.Contains(site.Operations, operation) {
			return Rule{}, fmt.Errorf("%s:1:1: METADATA: custom: operations: the Engine API has no %q%s", file, operation, closest(operation, site.Operations))
		}
	}
	if err := rule.readParams(site.Files, folder); err != nil {
		return Rule{}, fmt.Errorf("%s: %w", place, err)
	}
	if err := readExamples(site.Files, folder, &rule.Examples); err != nil {
		return Rule{}, fmt.Errorf("%s: %w", place, err)
	}
	return rule, nil
}

// readExamples reads the examples of a site rule, which may have none.
func readExamples(root fs.FS, folder string, into *Examples) error {
	file := path.Join(folder, "examples.yaml")
	if _, err := fs.Stat(root, file); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return readYAML(root, file, "examples", into)
}

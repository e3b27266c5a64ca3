package policies

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/bulwark-authz/bulwark/policies/yamlschema"
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
	if err := errors.Join(b.readSiteModules(site), b.checkFolder(site)); err != nil {
		return err
	}
	var errs []error
	folders, err := readDir(site.Files, "rules")
	if err != nil {
		return fmt.Errorf("listing the rules in %s: %w", site.Dir, err)
	}
	for _, folder := range folders {
		if !folder.IsDir() || b.holdsAuthz(folder.Name()) {
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
	name := path.Join(site.Dir, file)
	text, err := fs.ReadFile(site.Files, file)
	switch {
	case err != nil:
		return fmt.Errorf("reading %s: %w", name, err)
	case isAuthz(text):
		b.authz[file], err = parseAuthz(name, string(text))
		return placed(err)
	case len(bytes.TrimSpace(text)) == 0:
		return fmt.Errorf("%s: the file is empty; write a rule into it, or remove it", name)
	}
	want := strings.ReplaceAll(path.Join("custom", path.Dir(file)), "/", ".")
	switch folder, rule, _ := strings.Cut(strings.TrimSuffix(file, ".rego"), "/"); {
	case folder == "rules" && !strings.Contains(rule, "/"):
		return fmt.Errorf("%s: a rule has a folder of its own; move it to %s", name, path.Join(site.Dir, folder, rule, rule+".rego"))
	case !ruleName.MatchString(path.Base(path.Dir(file))):
		return fmt.Errorf("%s: the name of a folder is lower case, digits and _, since it is the package's too", path.Dir(name))
	}
	if _, faults := metadataOf(text); len(faults) > 0 {
		return yamlschema.Join(name, faults)
	}
	module, err := ast.ParseModuleWithOpts(name, string(text), ParserOptions())
	if err != nil {
		return placed(err)
	}
	if is := strings.Join(packagePath(module), "."); is != want {
		return fmt.Errorf("%s:%d:%d: the package must be %s, after its folder, not %s",
			name, module.Package.Location.Row, module.Package.Location.Col, want, is)
	}
	b.site[name], b.tested = module, false
	return nil
}

var ruleName = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

func (b *Bundle) readSiteRule(site Site, name string) (Rule, error) {
	folder := path.Join("rules", name)
	place := path.Join(site.Dir, folder)
	file := path.Join(place, name+".rego")
	switch _, taken := b.Rule(name); {
	case taken || name == AuthzRule:
		return Rule{}, fmt.Errorf("%s: %s is the name of a built-in rule; choose another one", place, name)
	case b.site[file] == nil:
		return Rule{}, fmt.Errorf("%s: a rule needs the file %s.rego", place, name)
	}
	schema, err := b.siteMetadataSchema(site.Operations)
	if err != nil {
		return Rule{}, err
	}
	text, err := fs.ReadFile(site.Files, path.Join(folder, name+".rego"))
	if err != nil {
		return Rule{}, fmt.Errorf("reading %s: %w", file, err)
	}
	rule := Rule{Name: name, Site: true, File: file}
	if err := rule.readMetadata(text, schema); err != nil {
		return Rule{}, err
	}
	if err := rule.readParams(site.Files, folder, site.Dir); err != nil {
		return Rule{}, err
	}
	return rule, rule.readExamples(site, folder)
}

// readExamples reads the examples of a site rule, which may have none.
func (r *Rule) readExamples(site Site, folder string) error {
	file := path.Join(folder, "examples.yaml")
	if _, err := fs.Stat(site.Files, file); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	var examples Examples
	err := readYAML(site.Files, site.Dir, file, "examples", &examples)
	r.examples = func() (Examples, error) { return examples, nil }
	return err
}

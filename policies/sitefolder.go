package policies

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/bulwark-authz/bulwark/policies/yamlschema"
)

// readEndings are those of files that somebody expects to be read.
var readEndings = []string{".rego", ".yaml", ".yml", ".json"}

// checkFolder refuses what stands where nothing reads it: a rule in the folder
// `rule`, say, would deny nothing without a word. Hidden files are others', and
// files of other kinds are notes and copies.
func (b *Bundle) checkFolder(site Site) error {
	errs := []error{site.checkEntries(".", "settings.yaml", "settings.schema.json", "rules/", "lib/", "data/")}
	entries, err := readDir(site.Files, "rules")
	if err != nil {
		return fmt.Errorf("listing the rules in %s: %w", site.Dir, err)
	}
	for _, entry := range entries {
		switch {
		case entry.IsDir() && b.holdsAuthz(entry.Name()):
			errs = append(errs, b.checkAuthzFolder(path.Join(site.Dir, "rules", entry.Name())))
		case entry.IsDir():
			errs = append(errs, site.checkEntries(path.Join("rules", entry.Name()), "data.yaml", "examples.yaml", "*.rego"))
		case !entry.IsDir() && isRead(entry.Name()) && path.Ext(entry.Name()) != ".rego":
			errs = append(errs, fmt.Errorf("%s: nothing reads this file; what belongs to a rule is in the rule's folder", path.Join(site.Dir, "rules", entry.Name())))
		}
	}
	return errors.Join(errs...)
}

// checkAuthzFolder refuses a rule of its own beside a policy of the package
// docker.authz: the folder is that policy's, and nobody would ask the rule.
func (b *Bundle) checkAuthzFolder(place string) error {
	for _, file := range sortedKeys(b.site) {
		if strings.HasPrefix(file, place+"/") {
			return fmt.Errorf("%s: the folder has files of the package docker.authz, too, which need a folder without rules; move them", file)
		}
	}
	return nil
}

// checkEntries refuses what is in a folder and not known there.
func (s Site) checkEntries(folder string, known ...string) error {
	entries, err := readDir(s.Files, folder)
	if err != nil {
		return fmt.Errorf("listing %s: %w", path.Join(s.Dir, folder), err)
	}
	var errs []error
	for _, entry := range entries {
		name := entry.Name()
		if entry.IsDir() {
			name += "/"
		}
		if strings.HasPrefix(name, ".") || slices.Contains(known, name) || !entry.IsDir() && !isRead(name) ||
			slices.Contains(known, "*"+path.Ext(name)) {
			continue
		}
		errs = append(errs, fmt.Errorf("%s: nothing reads this %s%s", path.Join(s.Dir, folder, entry.Name()),
			map[bool]string{true: "folder", false: "file"}[entry.IsDir()], yamlschema.Meant(name, known)))
	}
	return errors.Join(errs...)
}

func isRead(name string) bool { return slices.Contains(readEndings, path.Ext(name)) }

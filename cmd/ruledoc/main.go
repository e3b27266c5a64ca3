// Command ruledoc writes what docs has of generated files: docs/rules, a page
// for each rule and an index, made of the rules' METADATA, params and examples;
// docs/input.md; and docs/settings.schema.json, for editors.
package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing/fstest"

	"github.com/bulwark-authz/bulwark/plugin/policy"
	"github.com/bulwark-authz/bulwark/policies"
)

func main() { os.Exit(run("docs", inputSources, os.Stderr)) }

// run writes every file into a folder and removes the pages of rules that are
// gone. sources is where the input document is defined.
func run(dir, sources string, stderr io.Writer) int {
	if err := generate(dir, sources); err != nil {
		_, _ = fmt.Fprintf(stderr, "ruledoc: error: %v\n", err)
		return 1
	}
	return 0
}

func generate(dir, sources string) error {
	rules, err := policies.Rules()
	if err != nil {
		return err
	}
	if err := write(filepath.Join(dir, "rules"), rules); err != nil {
		return err
	}
	files, err := references(sources, rules)
	if err != nil {
		return err
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o644); err != nil {
			return fmt.Errorf("writing %s: %w", name, err)
		}
	}
	return nil
}

// references are the generated files outside docs/rules, by name.
func references(sources string, rules []policies.Rule) (map[string][]byte, error) {
	page, err := newInputPage(sources, rules)
	if err != nil {
		return nil, err
	}
	text, err := execute("input.md.tmpl", page)
	if err != nil {
		return nil, fmt.Errorf("rendering input.md: %w", err)
	}
	schema, err := policy.SettingsSchema(fstest.MapFS{}, "")
	if err != nil {
		return nil, err
	}
	return map[string][]byte{"input.md": text, "settings.schema.json": schema}, nil
}

func write(dir string, rules []policies.Rule) error {
	pages, err := render(rules)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("writing pages: %w", err)
	}
	for name, text := range pages {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o644); err != nil {
			return fmt.Errorf("writing pages: %w", err)
		}
	}
	old, err := filepath.Glob(filepath.Join(dir, "*.md"))
	if err != nil {
		return fmt.Errorf("removing old pages: %w", err)
	}
	for _, file := range old {
		if _, current := pages[filepath.Base(file)]; !current {
			if err := os.Remove(file); err != nil {
				return fmt.Errorf("removing old pages: %w", err)
			}
		}
	}
	return nil
}

// Command ruledoc writes docs/rules: a page for each rule and an index, made
// of the rules' METADATA, params and examples.
package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/bulwark-authz/bulwark/policies"
)

const folder = "docs/rules"

func main() { os.Exit(run(folder, os.Stderr)) }

// run writes every page and removes those of rules that are gone.
func run(dir string, stderr io.Writer) int {
	rules, err := policies.Rules()
	if err == nil {
		err = write(dir, rules)
	}
	if err != nil {
		fmt.Fprintf(stderr, "ruledoc: error: %v\n", err)
		return 1
	}
	return 0
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

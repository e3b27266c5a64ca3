package policy

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/bulwark-authz/bulwark/plugin/input"
	"github.com/bulwark-authz/bulwark/policies"
)

// Load compiles the rules under what a configuration folder holds: settings,
// and the site's own rules and data. A folder that does not exist gives the
// built-in rules and the baseline profile; one with anything wrong in it gives
// an error that names each fault, its place and what to do.
func Load(dir string) (*Engine, error) { return LoadFS(os.DirFS(dir), dir) }

// LoadFS is Load for a folder that is called dir in errors.
func LoadFS(files fs.FS, dir string) (*Engine, error) {
	bundle, settings, err := read(files, dir)
	if err != nil {
		return nil, err
	}
	return newEngine(bundle, settings)
}

// read reads all of a configuration folder.
func read(files fs.FS, dir string) (*policies.Bundle, Settings, error) {
	bundle, err := policies.Load()
	if err != nil {
		return nil, Settings{}, err
	}
	if err := bundle.Add(policies.Site{Files: files, Dir: dir, Operations: input.Operations()}); err != nil {
		return nil, Settings{}, fmt.Errorf("reading the site's rules: %w", err)
	}
	settings, err := readSettings(files, dir, bundle)
	if err != nil {
		return nil, Settings{}, fmt.Errorf("reading settings: %w", err)
	}
	return bundle, settings, nil
}

// readSettings reads settings.yaml; one that does not exist is the zero
// Settings, unless it is there under another name.
func readSettings(files fs.FS, dir string, bundle *policies.Bundle) (Settings, error) {
	text, err := fs.ReadFile(files, SettingsFile)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return Settings{}, misnamed(files, dir)
	case err != nil:
		return Settings{}, err
	}
	return parseSettings(filepath.Join(dir, SettingsFile), text, bundle)
}

func misnamed(files fs.FS, dir string) error {
	for _, name := range []string{"settings.yml", "settings.json", "setting.yaml", "config.yaml"} {
		if _, err := fs.Stat(files, name); err == nil {
			return fmt.Errorf("%s: this file is not read; call it %s", filepath.Join(dir, name), SettingsFile)
		}
	}
	return nil
}

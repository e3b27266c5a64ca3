package policy

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"github.com/bulwark-authz/bulwark/plugin/input"
	"github.com/bulwark-authz/bulwark/policies"
)

// Load compiles the rules under what a configuration folder holds: settings,
// and the site's own rules and data. A folder that does not exist gives the
// built-in rules and the baseline profile; one with anything wrong in it gives
// an error that names each fault, its place and what to do.
func Load(dir string) (*Engine, error) {
	snapshot, err := Folder{Dir: dir}.Read()
	if err != nil {
		return nil, err
	}
	return LoadFS(snapshot.FS(), dir)
}

// LoadFS is Load for a folder that is called dir in errors.
func LoadFS(files fs.FS, dir string) (*Engine, error) {
	if own, _ := fs.Glob(files, "*/*/*.rego"); len(own) == 0 {
		policies.Prepare() // it takes longer than to read the rest
	}
	bundle, settings, err := read(files, dir)
	if err != nil {
		return nil, err
	}
	return newEngine(bundle, settings)
}

// read reads all of a configuration folder.
func read(files fs.FS, dir string) (*policies.Bundle, Settings, error) {
	bundle, err := readBundle(files, dir)
	if err != nil {
		return nil, Settings{}, err
	}
	settings, err := readSettings(files, dir, bundle)
	return bundle, settings, err
}

// readBundle is the built-in rules with those of the site.
func readBundle(files fs.FS, dir string) (*policies.Bundle, error) {
	bundle, err := policies.Load()
	if err != nil {
		return nil, err
	}
	return bundle, bundle.Add(policies.Site{Files: files, Dir: dir, Operations: input.Operations()})
}

// readSettings reads settings.yaml; one that does not exist is the zero
// Settings, unless it is there under another name.
func readSettings(files fs.FS, dir string, bundle *policies.Bundle) (Settings, error) {
	file := filepath.Join(dir, SettingsFile)
	text, err := fs.ReadFile(files, SettingsFile)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return Settings{}, nil
	case err != nil:
		return Settings{}, fmt.Errorf("reading %s: %w", file, err)
	}
	return parseSettings(file, text, bundle)
}

package compose

import (
	"os"
	"path/filepath"
	"slices"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/template"
	"github.com/compose-spec/compose-go/v2/types"

	"github.com/bulwark-authz/bulwark/cmd/bulwark/internal/check/place"
)

// Main returns the file that docker compose starts with when it reads name: of
// an override file the one that it overrides, else name itself.
func Main(name string) string {
	if main := beside(name, cli.DefaultFileNames); main != "" && overrideOf(main) == filepath.Clean(name) {
		return main
	}
	return name
}

// overrideOf is the override file that docker compose adds to a file of a
// default name, "" for none.
func overrideOf(name string) string {
	if !slices.Contains(cli.DefaultFileNames, filepath.Base(name)) {
		return ""
	}
	return beside(name, cli.DefaultOverrideFileNames)
}

// beside is the first of several files that lies beside another one.
func beside(name string, candidates []string) string {
	for _, candidate := range candidates {
		path := filepath.Join(filepath.Dir(name), candidate)
		if _, err := os.Stat(path); err == nil {
			return path
		}
	}
	return ""
}

// file is a file of a project as it is written.
type file struct {
	name        string // as the user would call it
	dir         string // where relative names in it start
	tree        place.Tree
	environment types.Mapping
	// chain are the files by which it is included.
	chain []string
	// fault is that it is no YAML.
	fault error
}

func newFile(name string, content []byte, environment types.Mapping) file {
	return file{name: name, dir: filepath.Dir(name), tree: place.Parse(content), environment: environment, fault: place.Syntax(name, content)}
}

// filesOf are the files of a project, those first whose values count more.
func filesOf(config []types.ConfigFile, environment types.Mapping) []file {
	var files []file
	for _, c := range slices.Backward(config) {
		f := newFile(c.Filename, c.Content, environment)
		files = append(append(files, f), f.included()...)
	}
	return files
}

// included are the files that a file includes, and those that they include.
func (f file) included() []file {
	var files []file
	for i, entry := range f.tree.Value(place.Path{"include"}).List {
		names := f.tree.Value(place.Path{"include", i, "path"}).List
		if len(names) == 0 {
			names = []place.Value{{Text: entry.Text + entry.Members["path"]}}
		}
		dir := filepath.Dir(f.path(names[0].Text))
		if project := entry.Members["project_directory"]; project != "" {
			dir = f.path(project)
		}
		for _, name := range slices.Backward(names) {
			other := f.read(name.Text)
			if slices.Contains(f.chain, other.name) {
				continue // it includes itself, which compose refuses
			}
			other.dir, other.chain = dir, append(slices.Clone(f.chain), other.name)
			files = append(append(files, other), other.included()...)
		}
	}
	return files
}

// extended is the service that a service extends, if there is one.
func (f file) extended(service string) (file, string) {
	extends := f.tree.Value(place.Path{"services", service, "extends"})
	if other := extends.Members["file"]; other != "" {
		f = f.read(other)
	}
	return f, extends.Text + extends.Members["service"]
}

// read reads a file that a file names. One that cannot be read is empty.
func (f file) read(name string) file {
	path := f.path(name)
	content, err := os.ReadFile(path)
	if err != nil {
		content = nil
	}
	return newFile(path, content, f.environment)
}

func (f file) path(name string) string {
	if filled, err := template.Substitute(name, f.environment.Resolve); err == nil {
		name = filled
	}
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(f.dir, name)
}

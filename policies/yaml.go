package policies

import (
	"fmt"
	"io/fs"
	"path"

	"github.com/bulwark-authz/bulwark/policies/yamlschema"
)

// Schema returns one of the schemas in the folder schemas by its name.
func Schema(name string) (*yamlschema.Schema, error) {
	text, err := fs.ReadFile(files, "schemas/"+name+".json")
	if err != nil {
		return nil, fmt.Errorf("reading schema: %w", err)
	}
	return yamlschema.Parse(text)
}

// readYAML reads a file that must be there and fit one of the schemas. dir is
// where root is, for errors.
func readYAML(root fs.FS, dir, file, schema string, into any) error {
	text, err := fs.ReadFile(root, file)
	if err != nil {
		return fmt.Errorf("reading %s: %w", path.Join(dir, file), err)
	}
	s, err := Schema(schema)
	if err != nil {
		return err
	}
	return decodeYAML(path.Join(dir, file), text, s, into)
}

// decodeYAML decodes a file, whose name is for errors. They are joined, each as
// "file:line:column: text".
func decodeYAML(file string, text []byte, s *yamlschema.Schema, into any) error {
	document, faults := yamlschema.Read(text)
	switch {
	case len(faults) > 0:
		return yamlschema.Join(file, faults)
	case document == nil:
		return fmt.Errorf("%s: the file is empty", file)
	}
	if err := yamlschema.Join(file, s.Check(document)); err != nil {
		return err
	}
	return document.Decode(into)
}

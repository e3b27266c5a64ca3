package policies

import (
	"fmt"
	"io/fs"
	"path"
	"sync"

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

// fixed are the schemas as they are in the folder; nobody changes them.
var fixed sync.Map // name -> *yamlschema.Schema

func fixedSchema(name string) (*yamlschema.Schema, error) {
	if known, ok := fixed.Load(name); ok {
		return known.(*yamlschema.Schema), nil
	}
	s, err := Schema(name)
	if err != nil {
		return nil, err
	}
	fixed.Store(name, s)
	return s, nil
}

// readYAML reads a file that must be there and fit one of the schemas. dir is
// where root is, for errors.
func readYAML(root fs.FS, dir, file, schema string, into any) error {
	text, err := fs.ReadFile(root, file)
	if err != nil {
		return fmt.Errorf("reading %s: %w", path.Join(dir, file), err)
	}
	s, err := fixedSchema(schema)
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

package policies

import (
	"errors"
	"fmt"
	"io/fs"

	"go.yaml.in/yaml/v3"

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

// check reports every fault of a document as one error.
func check(schema string, node *yaml.Node) error {
	s, err := Schema(schema)
	if err != nil {
		return err
	}
	return asError(s.Check(node))
}

// asError joins faults, one a line.
func asError(faults []yamlschema.Fault) error {
	var errs []error
	for _, fault := range faults {
		errs = append(errs, fault)
	}
	return errors.Join(errs...)
}

// readYAML reads a file that must be there and fit one of the schemas.
func readYAML(root fs.FS, file, schema string, into any) error {
	text, err := fs.ReadFile(root, file)
	if err != nil {
		return fmt.Errorf("reading %s: %w", file, err)
	}
	s, err := Schema(schema)
	if err != nil {
		return err
	}
	if err := decodeYAML(text, s, into); err != nil {
		return fmt.Errorf("reading %s: %w", file, err)
	}
	return nil
}

func decodeYAML(text []byte, s *yamlschema.Schema, into any) error {
	var document yaml.Node
	if err := yaml.Unmarshal(text, &document); err != nil {
		return err
	}
	if document.Kind == 0 {
		return errors.New("the file is empty")
	}
	if err := asError(s.Check(&document)); err != nil {
		return err
	}
	return document.Decode(into)
}

package policies

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/bulwark-authz/bulwark/policies/yamlschema"
)

// metadataOf is the METADATA of the package as YAML whose lines and columns are
// those of the file; nil when there is none.
func metadataOf(rego []byte) (*yaml.Node, []yamlschema.Fault) {
	lines := strings.Split(string(rego), "\n")
	begin, end := metadataLines(lines)
	text := strings.Repeat("\n", begin)
	for _, line := range lines[begin:end] {
		text += strings.Replace(line, "#", " ", 1) + "\n"
	}
	return yamlschema.Read([]byte(text))
}

// metadataLines are the comments below the last `# METADATA` above the package.
func metadataLines(lines []string) (begin, end int) {
	begin, end = -1, -1
	for i, line := range lines {
		comment, isComment := strings.CutPrefix(line, "#")
		switch {
		case strings.HasPrefix(line, "package"):
			return max(begin, 0), max(end, 0)
		case isComment && strings.TrimSpace(comment) == "METADATA":
			begin, end = i+1, i+1
		case isComment && end == i:
			end++
		}
	}
	return max(begin, 0), max(end, 0)
}

// packageLine is that of the line `package`, 1 without one.
func packageLine(rego []byte) int {
	for i, line := range strings.Split(string(rego), "\n") {
		if strings.HasPrefix(line, "package") {
			return i + 1
		}
	}
	return 1
}

// metadata is the METADATA of a rule.
type metadata struct {
	Title       string
	Description string
	Resources   []Resource `yaml:"related_resources"`
	// Schemas has one key in each entry.
	Schemas []map[string]any
	Custom  map[string]any
}

// readMetadata reads what a rule says about itself in the text of its file. It
// is checked by a schema, nil for what has been.
func (r *Rule) readMetadata(text []byte, schema *yamlschema.Schema) error {
	name := r.File
	node, faults := metadataOf(text)
	if node != nil && schema != nil {
		faults = append(faults, schema.Check(node)...)
	}
	switch {
	case len(faults) > 0:
		return yamlschema.Join(name, faults)
	case node == nil:
		return fmt.Errorf("%s:%d:1: METADATA is missing: the line `# METADATA`, and below it title, description and custom, each behind a #, right above the line `package`",
			name, packageLine(text))
	}
	var meta metadata
	if err := node.Decode(&meta); err != nil {
		return fmt.Errorf("%s: METADATA: %w", placeOf(name, node), err)
	}
	r.Title, r.Description, r.Resources = meta.Title, meta.Description, meta.Resources
	place := placeOf(name, node, "custom", "operations")
	if err := convert(meta.Custom, &r.Custom); err != nil {
		return fmt.Errorf("%s: %w", place, err)
	}
	if slices.Contains(r.Operations, EveryOperation) && len(r.Operations) > 1 {
		return fmt.Errorf("%s: %q stands alone", place, EveryOperation)
	}
	if err := r.readSchemas(meta.Schemas); err != nil {
		if wrong := new(yamlschema.KeywordError); errors.As(err, &wrong) {
			return fmt.Errorf("%s: %w", placeOf(name, keyIn(node, wrong.Keyword)), wrong)
		}
		return fmt.Errorf("%s: %w", placeOf(name, node, "schemas"), err)
	}
	return nil
}

// metadataSchema is that of METADATA, nil for what has been checked.
func (b *Bundle) metadataSchema() (*yamlschema.Schema, error) {
	if b.tested {
		return nil, nil
	}
	return fixedSchema("rule")
}

// placeOf is "file:line:column" of the value of a key of a mapping, or of the
// mapping itself without it.
func placeOf(file string, node *yaml.Node, path ...string) string {
	if node == nil {
		return file
	}
	if node.Kind == yaml.DocumentNode {
		node = node.Content[0]
	}
	for i := 0; len(path) > 0 && i+1 < len(node.Content); i += 2 {
		if node.Content[i].Value == path[0] {
			node, path, i = node.Content[i+1], path[1:], -2
		}
	}
	return fmt.Sprintf("%s:%d:%d", file, node.Line, node.Column)
}

// keyIn is the first key of this name, at any depth; nil without one.
func keyIn(node *yaml.Node, name string) *yaml.Node {
	for i, child := range node.Content {
		if node.Kind == yaml.MappingNode && i%2 == 0 && child.Value == name {
			return child
		}
		if found := keyIn(child, name); found != nil {
			return found
		}
	}
	return nil
}

// siteMetadataSchema is schemas/rule.json for a rule of the site: it need not
// name resources, and is in force in every profile unless it names one.
func (b *Bundle) siteMetadataSchema(operations []string) (*yamlschema.Schema, error) {
	schema, err := Schema("rule")
	if err != nil {
		return nil, err
	}
	schema.Required = slices.DeleteFunc(schema.Required, func(key string) bool { return key == "related_resources" })
	custom := schema.Properties["custom"]
	custom.Required = slices.DeleteFunc(custom.Required, func(key string) bool { return key == "profile" })
	custom.Properties["profile"].Enum = slices.Sorted(maps.Keys(b.Profiles))
	custom.Properties["operations"].Items.Enum = append(slices.Clone(operations), EveryOperation, NoOperation)
	return schema, nil
}

// readSchemas wants `input: schema.input`, so that a misspelt field does not
// compile, and takes the params' schema from its place in data.
func (r *Rule) readSchemas(schemas []map[string]any) error {
	paramsPath := r.ref("params").String()
	typedInput := false
	for _, entry := range schemas {
		for path, schema := range entry {
			switch {
			case path == "input" && schema == inputSchema:
				typedInput = true
			case path == paramsPath:
				if err := r.readParamsSchema(schema); err != nil {
					return err
				}
			default:
				return fmt.Errorf("METADATA: schemas: only input and %s have one here, not %s", paramsPath, path)
			}
		}
	}
	if !typedInput && !r.Site { // a site's rules have it without saying so
		return errors.New("METADATA: schemas: needs `input: schema.input`")
	}
	if r.Locked && r.ParamsSchema != nil {
		return errors.New("a locked rule cannot have params: they could weaken it")
	}
	return nil
}

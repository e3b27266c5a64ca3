package policies

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"go.yaml.in/yaml/v3"

	"github.com/bulwark-authz/bulwark/policies/yamlschema"
)

// metadataOf is the METADATA of the package as YAML whose lines and columns are
// those of the file; nil when there is none.
func metadataOf(rego []byte) (*yaml.Node, []yamlschema.Fault) {
	lines := strings.Split(string(rego), "\n")
	begin, end, _ := metadataLines(lines)
	text := strings.Repeat("\n", begin)
	for _, line := range lines[begin:end] {
		text += strings.Replace(line, "#", " ", 1) + "\n"
	}
	return yamlschema.Read([]byte(text))
}

// metadataLines are the comments below the last `# METADATA` above the package,
// which is the first line that is neither blank nor a comment.
func metadataLines(lines []string) (begin, end, pkg int) {
	begin, end = -1, -1
	for i, line := range lines {
		comment, isComment := strings.CutPrefix(line, "#")
		switch trimmed := strings.TrimSpace(line); {
		case trimmed != "" && trimmed[0] != '#':
			return max(begin, 0), max(end, 0), i
		case isComment && strings.TrimSpace(comment) == "METADATA":
			begin, end = i+1, i+1
		case isComment && end == i:
			end++
		}
	}
	return max(begin, 0), max(end, 0), 0
}

// metadata is the METADATA of a rule.
type metadata struct {
	Title       string
	Description string
	Resources   []yaml.Node `yaml:"related_resources"`
	Schemas     []any
	Custom      map[string]any
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
		_, _, line := metadataLines(strings.Split(string(text), "\n"))
		return fmt.Errorf("%s:%d:1: METADATA is missing: the line `# METADATA`, and below it title, description and custom, each behind a #, right above the line `package`",
			name, line+1)
	}
	var meta metadata
	if err := node.Decode(&meta); err != nil {
		return fmt.Errorf("%s: METADATA: %w", placeOf(name, node), err)
	}
	r.Title, r.Description = meta.Title, meta.Description
	if err := r.readResources(meta.Resources); err != nil {
		return err
	}
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

// readResources reads addresses, each alone or with a description.
func (r *Rule) readResources(nodes []yaml.Node) error {
	for _, node := range nodes {
		resource := Resource{Ref: node.Value}
		if node.Kind != yaml.ScalarNode && node.Decode(&resource) != nil || resource.Ref == "" {
			return fmt.Errorf("%s: a resource is an address, or `description` and `ref`", placeOf(r.File, &node))
		}
		r.Resources = append(r.Resources, resource)
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
func (r *Rule) readSchemas(entries []any) error {
	typedInput, params := false, r.ref("params")
	for _, entry := range entries {
		pair, _ := entry.(map[string]any)
		if len(pair) != 1 {
			return errors.New("METADATA: schemas: each entry has one path and its schema, as in `- input: schema.input`")
		}
		for path, schema := range pair {
			name, _ := schema.(string)
			definition, _ := schema.(map[string]any)
			switch {
			case isRef(path, ast.InputRootRef) && isRef(name, inputSchemaRef):
				typedInput = true
			case isRef(path, params) && definition != nil:
				if err := r.readParamsSchema(definition); err != nil {
					return err
				}
			default:
				return fmt.Errorf("METADATA: schemas: there can be `input: %s` and `%s: {type: object, ...}` here, not %s", inputSchemaRef, params, path)
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

// isRef reports whether a text is a reference, however it is written.
func isRef(text string, ref ast.Ref) bool {
	if text == ref.String() { // parsing takes a hundred times as long
		return true
	}
	parsed, err := ast.ParseRef(text)
	return err == nil && parsed.Equal(ref)
}

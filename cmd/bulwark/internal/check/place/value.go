package place

import (
	"go.yaml.in/yaml/v3"

	"github.com/bulwark-authz/bulwark/policies/yamlschema"
)

// Syntax says why a file is no YAML, and where; nil for one that is.
func Syntax(name string, content []byte) error {
	if yaml.Unmarshal(content, new(any)) == nil {
		return nil
	}
	_, faults := yamlschema.Read(content)
	if len(faults) == 0 {
		return nil
	}
	return Fault{yamlschema.Join(name, faults)}
}

// Value is what is written somewhere: a text, the texts of a mapping, or the
// elements of a list.
type Value struct {
	Text    string
	Members map[string]string
	List    []Value
}

// Value returns what is written at a path, nothing when there is nothing.
func (t Tree) Value(path Path) Value {
	node := t.root
	for _, step := range path {
		node, _ = child(node, step, map[*yaml.Node]bool{})
	}
	return valueOf(node, true)
}

// valueOf looks one list deep into a node.
func valueOf(node *yaml.Node, lists bool) Value {
	node = target(node)
	var v Value
	switch {
	case node == nil:
	case node.Kind == yaml.ScalarNode:
		v.Text = node.Value
	case node.Kind == yaml.MappingNode:
		v.Members = map[string]string{}
		for i := 0; i+1 < len(node.Content); i += 2 {
			if member := target(node.Content[i+1]); member != nil {
				v.Members[node.Content[i].Value] = member.Value
			}
		}
	case node.Kind == yaml.SequenceNode && lists:
		for _, element := range node.Content {
			v.List = append(v.List, valueOf(element, false))
		}
	}
	return v
}

// target is the node that an alias stands for.
func target(node *yaml.Node) *yaml.Node {
	for node != nil && node.Kind == yaml.AliasNode {
		node = node.Alias
	}
	return node
}

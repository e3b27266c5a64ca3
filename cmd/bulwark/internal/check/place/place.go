// Package place finds the lines of a YAML or JSON file where something is
// written.
package place

import (
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Path leads to a value: keys of mappings, and numbers of elements.
type Path []any

// String is the path as a person writes it: services.web.volumes[0].
func (p Path) String() string {
	var b strings.Builder
	for i, step := range p {
		switch step := step.(type) {
		case int:
			fmt.Fprintf(&b, "[%d]", step)
		default:
			if i > 0 {
				b.WriteByte('.')
			}
			fmt.Fprint(&b, step)
		}
	}
	return b.String()
}

// Place is where something is written: the file as the user calls it, the key
// and its line. They are "" and 0 for what is written nowhere.
type Place struct {
	File string `json:"file"`
	Key  string `json:"key"`
	Line int    `json:"line"`
}

// Tree is a file as it is written.
type Tree struct{ root *yaml.Node }

// Parse reads a file. One that is not well-formed has no places.
func Parse(content []byte) Tree {
	var document yaml.Node
	if yaml.Unmarshal(content, &document) != nil || len(document.Content) == 0 {
		return Tree{}
	}
	return Tree{root: document.Content[0]}
}

// Find returns the line of a path, or of as much of it as there is, and how
// much of it there is. The line is 0 when there is nothing of it.
func (t Tree) Find(path Path) (line int, found Path) {
	node := t.root
	for i, step := range path {
		next, at := child(node, step, map[*yaml.Node]bool{})
		if next == nil {
			return line, path[:i]
		}
		node, line = next, at
	}
	return line, path
}

// Place is where a path is written in a file that is called name.
func (t Tree) Place(name string, path Path) Place {
	line, found := t.Find(path)
	return Place{File: name, Key: found.String(), Line: line}
}

// child returns a value in a node and the line where it is written. Mappings
// that were seen are not looked into again: one may be merged into itself.
func child(node *yaml.Node, step any, seen map[*yaml.Node]bool) (*yaml.Node, int) {
	node = target(node)
	if node == nil || seen[node] {
		return nil, 0
	}
	seen[node] = true
	switch step := step.(type) {
	case int:
		if node.Kind == yaml.SequenceNode && step >= 0 && step < len(node.Content) {
			return node.Content[step], node.Content[step].Line
		}
	case string:
		if node.Kind == yaml.MappingNode {
			return member(node, step, seen)
		}
		if node.Kind == yaml.SequenceNode {
			return setting(node, step)
		}
	}
	return nil, 0
}

// member returns the value of a key, its own or merged in from another
// mapping.
func member(node *yaml.Node, name string, seen map[*yaml.Node]bool) (*yaml.Node, int) {
	for i := 0; i+1 < len(node.Content); i += 2 {
		if node.Content[i].Value == name {
			return node.Content[i+1], node.Content[i].Line
		}
	}
	for i := 0; i+1 < len(node.Content); i += 2 {
		if node.Content[i].Tag != "!!merge" {
			continue
		}
		sources := []*yaml.Node{node.Content[i+1]}
		if sources[0].Kind == yaml.SequenceNode {
			sources = sources[0].Content
		}
		for _, source := range sources {
			if value, line := child(source, name, seen); value != nil {
				return value, line
			}
		}
	}
	return nil, 0
}

// setting returns the element NAME=VALUE, NAME:VALUE or NAME of a list.
func setting(node *yaml.Node, name string) (*yaml.Node, int) {
	for _, element := range node.Content {
		rest, ok := strings.CutPrefix(element.Value, name)
		if ok && (rest == "" || rest[0] == '=' || rest[0] == ':') {
			return element, element.Line
		}
	}
	return nil, 0
}

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

// Fault is an error that says itself in which file it is, and where.
type Fault struct{ Err error }

func (f Fault) Error() string { return f.Err.Error() }
func (f Fault) Unwrap() error { return f.Err }

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
	at, found := t.find(path)
	return at.Line, found
}

// Position is the line and the column of a path, or of as much of it as there
// is.
func (t Tree) Position(path Path) (line, column int) {
	at, _ := t.find(path)
	return at.Line, at.Column
}

// find returns where a path is written, never nil.
func (t Tree) find(path Path) (at *yaml.Node, found Path) {
	node, at := t.root, &yaml.Node{}
	for i, step := range path {
		next, key := child(node, step, map[*yaml.Node]bool{})
		if next == nil {
			return at, path[:i]
		}
		node, at = next, key
	}
	return at, path
}

// Place is where a path is written in a file that is called name.
func (t Tree) Place(name string, path Path) Place {
	line, found := t.Find(path)
	return Place{File: name, Key: found.String(), Line: line}
}

// child returns a value in a node and its key, or itself in a list. Mappings
// that were seen are not looked into again: one may be merged into itself.
func child(node *yaml.Node, step any, seen map[*yaml.Node]bool) (value, key *yaml.Node) {
	node = target(node)
	if node == nil || seen[node] {
		return nil, nil
	}
	seen[node] = true
	switch step := step.(type) {
	case int:
		if node.Kind == yaml.SequenceNode && step >= 0 && step < len(node.Content) {
			return node.Content[step], node.Content[step]
		}
	case string:
		if node.Kind == yaml.MappingNode {
			return member(node, step, seen)
		}
		if node.Kind == yaml.SequenceNode {
			return setting(node, step)
		}
	}
	return nil, nil
}

// member returns the value of a key, its own or merged in from another
// mapping.
func member(node *yaml.Node, name string, seen map[*yaml.Node]bool) (value, key *yaml.Node) {
	for i := 0; i+1 < len(node.Content); i += 2 {
		if node.Content[i].Value == name {
			return node.Content[i+1], node.Content[i]
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
			if value, key := child(source, name, seen); value != nil {
				return value, key
			}
		}
	}
	return nil, nil
}

// setting returns the element NAME=VALUE, NAME:VALUE or NAME of a list.
func setting(node *yaml.Node, name string) (value, key *yaml.Node) {
	for _, element := range node.Content {
		rest, ok := strings.CutPrefix(element.Value, name)
		if ok && (rest == "" || rest[0] == '=' || rest[0] == ':') {
			return element, element
		}
	}
	return nil, nil
}

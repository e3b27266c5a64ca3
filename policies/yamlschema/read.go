package yamlschema

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Read parses a document, nil when there is nothing in it. What is no YAML, a
// second document, and a key that is there twice or is no text are faults.
func Read(text []byte) (*yaml.Node, []Fault) {
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	var document, second yaml.Node
	switch err := decoder.Decode(&document); {
	case errors.Is(err, io.EOF):
		return nil, nil
	case err != nil:
		return nil, []Fault{syntaxFault(text, err)}
	}
	if !errors.Is(decoder.Decode(&second), io.EOF) {
		return nil, []Fault{{Line: secondLine(text, document.Line), Column: 1, Text: "a second document begins after a line `---`; put everything into the first"}}
	}
	if faults := keyFaults(&document); len(faults) > 0 {
		return nil, faults
	}
	return &document, nil
}

// secondLine is the line that ends a document, which begins on another.
func secondLine(text []byte, begin int) int {
	for i, line := range lines(text) {
		if i >= begin && strings.HasPrefix(line, "---") {
			return i + 1
		}
	}
	return begin
}

// keyFaults are those of the keys, at any depth.
func keyFaults(n *yaml.Node) []Fault {
	var faults []Fault
	seen := map[string]bool{}
	for i, child := range n.Content {
		faults = append(faults, keyFaults(child)...)
		if n.Kind != yaml.MappingNode || i%2 == 1 || child.ShortTag() == "!!merge" {
			continue
		}
		switch {
		case child.ShortTag() != "!!str":
			faults = append(faults, Fault{Line: child.Line, Column: child.Column, Text: fmt.Sprintf("a key must be text; write %q", child.Value)})
		case seen[child.Value]:
			faults = append(faults, Fault{Line: child.Line, Column: child.Column, Text: fmt.Sprintf("key %q is there twice", child.Value)})
		}
		seen[child.Value] = true
	}
	return faults
}

// meanings say what the parser's words are about.
var meanings = []struct{ parser, meaning string }{
	{"did not find expected ',' or ']'", "a list in [ ] is not closed, or a comma is missing"},
	{"did not find expected ',' or '}'", "a mapping in { } is not closed, or a comma is missing"},
	{"did not find expected key", "this line is indented unlike those that it belongs to"},
	{"did not find expected '-' indicator", "this line is indented unlike those that it belongs to"},
	{"mapping values are not allowed in this context", "there is a `: ` where none can be; is a line above indented wrongly, or does text with `: ` in it want quotes?"},
	{"could not find expected ':'", "a key without `: `"},
	{"found unexpected end of stream", "text in quotes is not closed"},
	{"found character that cannot start any token", "a character that YAML keeps for itself; put the text into quotes"},
	{"found unknown escape character", `a \ in "..." begins an escape; use '...'`},
	{"unknown anchor", "YAML aliases must follow what they name"},
}

var parserLine = regexp.MustCompile(`^yaml: (?:line ([0-9]+): )?`)

// syntaxFault says what is wrong with text that is no YAML, and where.
func syntaxFault(text []byte, err error) Fault {
	said := parserLine.ReplaceAllString(err.Error(), "")
	fault := Fault{Line: faultyLine(text), Text: "not YAML: " + said}
	if fault.Line == 0 {
		fault.Line = 1
		if found := parserLine.FindStringSubmatch(err.Error()); found != nil && found[1] != "" {
			fault.Line, _ = strconv.Atoi(found[1]) // digits, as the expression says
		}
	}
	for _, m := range meanings {
		if strings.Contains(said, m.parser) {
			fault.Text = "not YAML: " + m.meaning
		}
	}
	line := lines(text)[min(fault.Line, len(lines(text)))-1]
	blank := line[:len(line)-len(strings.TrimLeft(line, " \t"))]
	fault.Column = len(blank) + 1
	if i := strings.Index(blank, "\t"); i >= 0 {
		fault.Column, fault.Text = i+1, "not YAML: a tab indents this line; use spaces"
	}
	return fault
}

func lines(text []byte) []string { return strings.Split(string(text), "\n") }

// faultyLine is the first line with which, and with all that follows, the text
// is no YAML: the parser itself tells where the structure began that it could
// not end. It is 0 for a text too long to search.
func faultyLine(text []byte) int {
	const most = 1000
	all := strings.SplitAfter(string(text), "\n")
	if len(all) > most {
		return 0
	}
	for i := len(all) - 1; i >= 0; i-- {
		var node yaml.Node
		if yaml.Unmarshal([]byte(strings.Join(all[:i], "")), &node) == nil {
			return i + 1
		}
	}
	return 1
}

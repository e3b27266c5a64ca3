package yamlschema

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// Fault is one place where a document does not fit its schema.
type Fault struct {
	// Line and Column count from 1, and are 0 for a node made by a program.
	Line, Column int
	Text         string
}

// Error is "3:5: text", or the text alone without a position.
func (f Fault) Error() string {
	if f.Line == 0 {
		return f.Text
	}
	return fmt.Sprintf("%d:%d: %s", f.Line, f.Column, f.Text)
}

// In is the fault as an error of a file: "file:3:5: text".
func (f Fault) In(file string) error {
	if f.Line == 0 {
		return fmt.Errorf("%s: %w", file, f)
	}
	return fmt.Errorf("%s:%w", file, f)
}

// Join is the faults of a file as one error, one a line; nil without any.
func Join(file string, faults []Fault) error {
	var errs []error
	for _, fault := range faults {
		errs = append(errs, fault.In(file))
	}
	return errors.Join(errs...)
}

// Check returns every fault of a document, in its order.
func (s *Schema) Check(document *yaml.Node) []Fault {
	c := checker{}
	if document.Kind == yaml.DocumentNode {
		document = document.Content[0]
	}
	c.check(s, document, "")
	return c.faults
}

type checker struct{ faults []Fault }

func (c *checker) fault(n *yaml.Node, format string, args ...any) {
	c.faults = append(c.faults, Fault{Line: n.Line, Column: n.Column, Text: fmt.Sprintf(format, args...)})
}

// check judges one node; name is what the faults call it.
func (c *checker) check(s *Schema, n *yaml.Node, name string) {
	if n.Kind == yaml.AliasNode {
		c.fault(n, "%smust be written out: YAML aliases are not read here", subject(name))
		return
	}
	if s.Format == "date" {
		c.date(s, n, name)
		return
	}
	if s.Type != "" && !slices.Contains(tags[s.Type], n.ShortTag()) {
		c.wrongType(s, n, name)
		return
	}
	switch n.Kind {
	case yaml.MappingNode:
		c.mapping(s, n, name)
	case yaml.SequenceNode:
		c.sequence(s, n, name)
	case yaml.ScalarNode:
		c.scalar(s, n, name)
	}
}

func (c *checker) wrongType(s *Schema, n *yaml.Node, name string) {
	key, _, isJoined := strings.Cut(n.Value, ":")
	switch {
	case n.ShortTag() == "!!null":
		c.fault(n, "%shas no value; give it one, or remove the line%s", subject(name), s.hint())
	case s.Type == "object" && n.ShortTag() == "!!str" && isJoined:
		c.fault(n, "there must be a space behind the colon: `%s: `", key)
	default:
		c.fault(n, "%smust be %s, not %s%s", subject(name), kinds[tags[s.Type][0]], describe(n), s.hint())
	}
}

func (c *checker) mapping(s *Schema, n *yaml.Node, name string) {
	var seen []string // or meant, by what is misspelt
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		seen = append(seen, key.Value)
		switch child, known := s.property(key.Value); {
		case s.Refused[key.Value] != "":
			c.fault(key, "%s", s.Refused[key.Value])
		case !known:
			meant := Nearest(key.Value, slices.Sorted(maps.Keys(s.Properties)))
			seen = append(seen, meant)
			c.fault(key, "unknown key %q%s", key.Value, cmp.Or(question(meant), s.keys()))
		case child != nil:
			c.check(child, value, join(name, key.Value))
		}
	}
	if few := len(n.Content)/2 < s.MinProperties; few && len(s.Properties) > 0 {
		c.fault(n, "%sneeds at least %d of: %s", subject(name), s.MinProperties, strings.Join(slices.Sorted(maps.Keys(s.Properties)), ", "))
	} else if few {
		c.fault(n, "%smust not be empty%s", subject(name), s.hint())
	}
	for _, key := range s.Required {
		if !slices.Contains(seen, key) {
			c.fault(n, "%sneeds the key %q%s", subject(name), key, s.Properties[key].hint())
		}
	}
}

// keys names what there is, when it is not too much to read.
func (s *Schema) keys() string {
	const readable = 12
	if len(s.Properties) == 0 || len(s.Properties) > readable {
		return ""
	}
	return "; known: " + strings.Join(slices.Sorted(maps.Keys(s.Properties)), ", ")
}

func (c *checker) date(s *Schema, n *yaml.Node, name string) {
	if _, err := time.Parse(time.DateOnly, n.Value); err != nil || n.Kind != yaml.ScalarNode {
		c.fault(n, "%smust be a day, written YYYY-MM-DD, not %s%s", subject(name), cmp.Or(n.Value, describe(n)), s.hint())
	}
}

// property returns the schema of a key, nil when anything fits, and whether
// the key may be there at all.
func (s *Schema) property(key string) (*Schema, bool) {
	if child, ok := s.Properties[key]; ok {
		return child, true
	}
	if s.AdditionalProperties == nil {
		return nil, true
	}
	return s.AdditionalProperties.Schema, s.AdditionalProperties.Allowed
}

func (c *checker) sequence(s *Schema, n *yaml.Node, name string) {
	if len(n.Content) < s.MinItems {
		c.fault(n, "%smust not be an empty list%s", subject(name), s.hint())
	}
	if s.Items == nil {
		return
	}
	for i, item := range n.Content {
		c.check(s.Items, item, fmt.Sprintf("%s[%d]", name, i))
	}
}

func (c *checker) scalar(s *Schema, n *yaml.Node, name string) {
	switch number, err := strconv.ParseFloat(n.Value, 64); {
	case s.Refused[n.Value] != "":
		c.fault(n, "%s", s.Refused[n.Value])
	case len(s.Enum) > 0 && !slices.Contains(s.Enum, n.Value):
		c.fault(n, "%s%s %q%s", subject(name), s.choice(), n.Value, cmp.Or(question(Nearest(n.Value, s.Enum)), s.hint()))
	case len(n.Value) < s.MinLength:
		c.fault(n, "%smust not be empty%s", subject(name), s.hint())
	case s.pattern != nil && !s.pattern.MatchString(n.Value):
		c.fault(n, "%scannot be %q%s", subject(name), n.Value, s.hint())
	case s.Format == "path" && path.Clean(n.Value) != strings.TrimSuffix(n.Value, "/") && n.Value != "/":
		c.fault(n, "%smust be written %q, not %q: that is what requests are compared with", subject(name), path.Clean(n.Value), n.Value)
	case s.Minimum != nil && (err != nil || number < *s.Minimum):
		c.fault(n, "%smust be at least %v, not %s%s", subject(name), *s.Minimum, n.Value, s.hint())
	case s.Maximum != nil && (err != nil || number > *s.Maximum):
		c.fault(n, "%smust be at most %v, not %s%s", subject(name), *s.Maximum, n.Value, s.hint())
	}
}

var kinds = map[string]string{
	"!!map": "a mapping", "!!seq": "a list", "!!str": "text", "!!bool": "true or false",
	"!!int": "a number", "!!float": "a number", "!!null": "empty",
	"!!timestamp": "a date",
}

func describe(n *yaml.Node) string {
	kind, known := kinds[n.ShortTag()]
	switch {
	case !known:
		return n.ShortTag()
	case n.Kind == yaml.ScalarNode && n.Value != "":
		return fmt.Sprintf("%s (%s)", kind, n.Value)
	}
	return kind
}

// hint is the schema's description, in brackets behind a fault.
func (s *Schema) hint() string {
	if s == nil || s.Description == "" {
		return ""
	}
	return " (" + strings.TrimSuffix(s.Description, ".") + ")"
}

func subject(name string) string {
	if name == "" {
		return "the document "
	}
	return name + " "
}

func join(name, key string) string {
	if name == "" {
		return key
	}
	return name + "." + key
}

func question(meant string) string {
	if meant == "" {
		return ""
	}
	return fmt.Sprintf(" (did you mean %q?)", meant)
}

// choice names what an enum allows, when it is not too much to read.
func (s *Schema) choice() string {
	const readable = 8
	if len(s.Enum) > readable {
		return "cannot be"
	}
	return "must be " + strings.Join(s.Enum, " or ") + ", not"
}

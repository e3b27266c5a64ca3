package vet

import (
	"encoding/json"
	"fmt"
	"strings"
)

// schema has the keywords that schemas/input.json and schemas/bodies.json use.
type schema struct {
	Ref        string             `json:"$ref"`
	Defs       map[string]*schema `json:"$defs"`
	Type       oneOrMore          `json:"type"`
	Enum       []string           `json:"enum"`
	Items      *schema            `json:"items"`
	Properties map[string]*schema `json:"properties"`
	Required   []string           `json:"required"`
	Additional additional         `json:"additionalProperties"`
}

// oneOrMore is "text" or ["text", "null"].
type oneOrMore []string

func (o *oneOrMore) UnmarshalJSON(data []byte) error {
	var one string
	if json.Unmarshal(data, &one) == nil {
		*o = oneOrMore{one}
		return nil
	}
	return json.Unmarshal(data, (*[]string)(o))
}

// additional is false, or a schema.
type additional struct{ *schema }

func (a *additional) UnmarshalJSON(data []byte) error {
	if string(data) == "false" {
		return nil
	}
	return json.Unmarshal(data, &a.schema)
}

// Read makes a shape of a JSON schema.
func Read(data []byte) (*Shape, error) {
	var root schema
	if err := json.Unmarshal(data, &root); err != nil {
		return nil, fmt.Errorf("reading a schema: %w", err)
	}
	r := reader{defs: root.Defs, shapes: map[*schema]*Shape{}}
	return r.shape(&root), nil
}

// reader makes one shape of each schema, since a definition may use itself.
type reader struct {
	defs   map[string]*schema
	shapes map[*schema]*Shape
}

var schemaKinds = map[string]kinds{
	"null": null, "boolean": boolean, "number": number, "integer": number, "string": text, "array": list, "object": object,
}

func (r reader) shape(from *schema) *Shape {
	if from == nil {
		return nil
	}
	if name, ok := strings.CutPrefix(from.Ref, "#/$defs/"); ok {
		from = r.defs[name]
	}
	if s, done := r.shapes[from]; done {
		return s
	}
	if from.Properties != nil && len(from.Type) == 0 {
		from.Type = oneOrMore{"object"}
	}
	if len(from.Type) == 0 {
		return nil
	}
	s := &Shape{words: from.Enum, always: map[string]bool{}}
	r.shapes[from] = s
	for _, name := range from.Type {
		s.kinds |= schemaKinds[name]
	}
	if from.Properties != nil {
		s.fields = map[string]*Shape{}
	}
	for name, property := range from.Properties {
		s.fields[name] = r.shape(property)
		if len(property.Enum) > 0 {
			s.fields[name].name = name
		}
	}
	for _, name := range from.Required {
		s.always[name] = true
	}
	if s.values = r.shape(from.Items); s.values == nil {
		s.values = r.shape(from.Additional.schema)
	}
	return s
}

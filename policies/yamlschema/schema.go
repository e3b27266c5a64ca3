// Package yamlschema checks YAML against a JSON Schema and says where, in line
// and column, it does not fit. It knows the keywords of Schema and no others.
package yamlschema

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
)

// Schema is one JSON Schema. Of $schema, title and description only the last
// has an effect: it is shown where a value does not fit.
type Schema struct {
	Dialect     string `json:"$schema,omitempty"`
	Title       string `json:"title,omitempty"`
	Description string `json:"description,omitempty"`
	// Type is object, array, string, boolean, integer or number; "" fits all.
	Type    string   `json:"type,omitempty"`
	Enum    []string `json:"enum,omitempty"`
	Pattern string   `json:"pattern,omitempty"`
	// Format is date, path (of the host, without // or .. in it) or "". YAML
	// has a type of its own for dates.
	Format               string             `json:"format,omitempty"`
	MinLength            int                `json:"minLength,omitempty"`
	Minimum              *float64           `json:"minimum,omitempty"`
	Maximum              *float64           `json:"maximum,omitempty"`
	Items                *Schema            `json:"items,omitempty"`
	MinItems             int                `json:"minItems,omitempty"`
	Properties           map[string]*Schema `json:"properties,omitempty"`
	Required             []string           `json:"required,omitempty"`
	MinProperties        int                `json:"minProperties,omitempty"`
	AdditionalProperties *Additional        `json:"additionalProperties,omitempty"`

	// Refused says of single values, or keys of a mapping, why they cannot be.
	Refused map[string]string `json:"-"`

	pattern *regexp.Regexp
}

// Additional is what keys outside of Properties may hold: with a nil Schema,
// anything when Allowed and nothing otherwise.
type Additional struct {
	Allowed bool
	Schema  *Schema
}

// UnmarshalJSON reads a boolean or a schema.
func (a *Additional) UnmarshalJSON(data []byte) error {
	if json.Unmarshal(data, &a.Allowed) == nil {
		return nil
	}
	a.Allowed = true
	return decodeStrictly(data, &a.Schema)
}

// MarshalJSON is the reverse of UnmarshalJSON.
func (a Additional) MarshalJSON() ([]byte, error) {
	if a.Schema != nil {
		return json.Marshal(a.Schema)
	}
	return json.Marshal(a.Allowed)
}

// Parse reads a schema. A keyword that is not of Schema is an error, so that
// no schema asks for more than is checked.
func Parse(data []byte) (*Schema, error) {
	var s Schema
	if err := decodeStrictly(data, &s); err != nil {
		return nil, fmt.Errorf("reading schema: %w", err)
	}
	if err := s.prepare(); err != nil {
		return nil, fmt.Errorf("reading schema: %w", err)
	}
	return &s, nil
}

func decodeStrictly(data []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	err := decoder.Decode(into)
	if err == nil || errors.As(err, new(*KeywordError)) {
		return err
	}
	if keyword, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		return &KeywordError{strings.Trim(keyword, `"`)}
	}
	return err
}

// KeywordError is that a schema has a keyword which is not of Schema.
type KeywordError struct{ Keyword string }

func (e *KeywordError) Error() string {
	known := keywords()
	return fmt.Sprintf("a schema here cannot have %q%s", e.Keyword, cmp.Or(question(Nearest(e.Keyword, known)), "; it may have "+strings.Join(known, ", ")))
}

// keywords are those of Schema that have an effect.
func keywords() []string {
	var names []string
	for _, field := range reflect.VisibleFields(reflect.TypeFor[Schema]()) {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		if name != "" && name != "-" && name != "$schema" && name != "title" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

var tags = map[string][]string{
	"object":  {"!!map"},
	"array":   {"!!seq"},
	"string":  {"!!str"},
	"boolean": {"!!bool"},
	"integer": {"!!int"},
	"number":  {"!!int", "!!float"},
}

// prepare compiles patterns and refuses types that do not exist.
func (s *Schema) prepare() error {
	if _, known := tags[s.Type]; s.Type != "" && !known {
		return fmt.Errorf("unknown type %q", s.Type)
	}
	if !slices.Contains([]string{"", "date", "path"}, s.Format) {
		return fmt.Errorf("unknown format %q", s.Format)
	}
	var err error
	if s.Pattern != "" {
		if s.pattern, err = regexp.Compile(s.Pattern); err != nil {
			return err
		}
	}
	var errs []error
	for _, child := range s.children() {
		errs = append(errs, child.prepare())
	}
	return errors.Join(errs...)
}

func (s *Schema) children() []*Schema {
	var list []*Schema
	for _, child := range s.Properties {
		list = append(list, child)
	}
	if s.Items != nil {
		list = append(list, s.Items)
	}
	if s.AdditionalProperties != nil && s.AdditionalProperties.Schema != nil {
		list = append(list, s.AdditionalProperties.Schema)
	}
	return list
}

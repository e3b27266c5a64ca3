package policies

import (
	"encoding"
	"encoding/json"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bulwark-authz/bulwark/plugin/input"
)

const bodySchemaFile = "schemas/bodies.json"

// TestBodySchema compares the schema that tells which names input.body can
// have with the Engine API's types.
func TestBodySchema(t *testing.T) {
	generator := bodySchema{defs: map[string]any{}}
	operations := map[string]any{}
	for operation, body := range input.BodyTypes() {
		operations[operation] = generator.schema(body)
	}
	if len(operations) < 10 {
		t.Fatalf("only %d operations have a body", len(operations))
	}
	want, err := json.MarshalIndent(map[string]any{"title": "input.body by operation", "properties": operations, "$defs": generator.defs}, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	want = append(want, '\n')
	if *update {
		if err := os.WriteFile(bodySchemaFile, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(bodySchemaFile)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(got), string(want)); diff != "" {
		t.Errorf("%s is not that of the Engine API; run `go generate ./policies`:\n%s", bodySchemaFile, diff)
	}
}

// bodySchema describes the Engine API's types as encoding/json writes them,
// where any part may be left out. What writes itself is described by nothing.
type bodySchema struct{ defs map[string]any }

var (
	jsonMarshaler = reflect.TypeFor[json.Marshaler]()
	textMarshaler = reflect.TypeFor[encoding.TextMarshaler]()
)

func (b bodySchema) schema(t reflect.Type) map[string]any {
	switch {
	case t.Implements(jsonMarshaler), t.Implements(textMarshaler), t.Kind() == reflect.Interface:
		return map[string]any{}
	case t.Kind() == reflect.Pointer:
		return b.schema(t.Elem())
	case t.Kind() == reflect.Struct:
		return b.ref(t)
	case t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Uint8:
		return map[string]any{}
	case t.Kind() == reflect.Slice, t.Kind() == reflect.Array:
		return map[string]any{"type": []string{"array", "null"}, "items": b.schema(t.Elem())}
	case t.Kind() == reflect.Map:
		return map[string]any{"type": []string{"object", "null"}, "additionalProperties": b.schema(t.Elem())}
	case t.Kind() == reflect.String:
		return map[string]any{"type": []string{"string", "null"}}
	case t.Kind() == reflect.Bool:
		return map[string]any{"type": []string{"boolean", "null"}}
	}
	return map[string]any{"type": []string{"number", "null"}}
}

func (b bodySchema) ref(t reflect.Type) map[string]any {
	name := t.String()
	if _, done := b.defs[name]; !done {
		properties := map[string]any{}
		b.defs[name] = map[string]any{"type": []string{"object", "null"}, "additionalProperties": false, "properties": properties}
		b.addFields(t, properties)
	}
	return map[string]any{"$ref": "#/$defs/" + name}
}

// addFields adds the fields of a struct; its own win over those of embedded ones.
func (b bodySchema) addFields(t reflect.Type, properties map[string]any) {
	for i := range t.NumField() {
		if f := t.Field(i); f.Anonymous && f.Tag.Get("json") == "" {
			embedded := f.Type
			if embedded.Kind() == reflect.Pointer {
				embedded = embedded.Elem()
			}
			b.addFields(embedded, properties)
		}
	}
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case f.Anonymous && f.Tag.Get("json") == "", name == "-", !f.IsExported():
			continue
		case name == "":
			name = f.Name
		}
		properties[name] = b.schema(f.Type)
	}
}

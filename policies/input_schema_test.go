package policies

import (
	"encoding/json"
	"flag"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bulwark-authz/bulwark/plugin/input"
)

var update = flag.Bool("update", false, "write the files of schemas anew")

const inputSchemaFile = "schemas/input.json"

// TestInputSchema compares the schema that rules are compiled against with the
// type that the request is decoded into.
func TestInputSchema(t *testing.T) {
	generator := schemaGenerator{defs: map[string]any{}, enums: input.Words()}
	schema := generator.object(reflect.TypeFor[input.Document]())
	schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	schema["title"] = "The request as rules see it: input"
	schema["$defs"] = generator.defs
	for field := range generator.enums {
		t.Errorf("input.Words has %s, which is no field", field)
	}
	want, err := json.MarshalIndent(schema, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	want = append(want, '\n')
	if *update {
		if err := os.WriteFile(inputSchemaFile, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(inputSchemaFile)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(got), string(want)); diff != "" {
		t.Errorf("%s is not that of input.Document; run `go generate ./policies`:\n%s", inputSchemaFile, diff)
	}
}

// schemaGenerator describes Go types as encoding/json writes them. Each struct
// below the document is one definition.
type schemaGenerator struct {
	defs  map[string]any
	enums map[string][]string // by "Type.key"; those that were used are taken out
}

func (g schemaGenerator) object(t reflect.Type) map[string]any {
	properties, required := map[string]any{}, []string{}
	for i := range t.NumField() {
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		if name == "-" || !t.Field(i).IsExported() {
			continue
		}
		properties[name] = g.words(t, name, g.schema(t.Field(i).Type))
		required = append(required, name)
	}
	return map[string]any{"type": "object", "additionalProperties": false, "properties": properties, "required": required}
}

func (g schemaGenerator) words(t reflect.Type, name string, schema map[string]any) map[string]any {
	field := t.Name() + "." + name
	if words := g.enums[field]; words != nil {
		schema["enum"] = words
		delete(g.enums, field)
	}
	return schema
}

// nullable adds null to the type itself: OPA knows no type "null", and takes
// `anyOf` with one for a value of any type, whose fields it does not check.
func (g schemaGenerator) nullable(t reflect.Type) map[string]any {
	schema := g.schema(t)
	target := schema
	if t.Kind() == reflect.Struct {
		target = g.defs[t.Name()].(map[string]any)
	}
	if name, isPlain := target["type"].(string); isPlain {
		target["type"] = []string{name, "null"}
	}
	return schema
}

func (g schemaGenerator) schema(t reflect.Type) map[string]any {
	switch t.Kind() {
	case reflect.Pointer:
		return g.nullable(t.Elem())
	case reflect.Struct:
		if _, done := g.defs[t.Name()]; !done {
			g.defs[t.Name()] = nil
			g.defs[t.Name()] = g.object(t)
		}
		return map[string]any{"$ref": "#/$defs/" + t.Name()}
	case reflect.Slice:
		return map[string]any{"type": "array", "items": g.schema(t.Elem())}
	case reflect.Map:
		return map[string]any{"type": "object", "additionalProperties": g.schema(t.Elem())}
	case reflect.String:
		return map[string]any{"type": "string"}
	case reflect.Bool:
		return map[string]any{"type": "boolean"}
	case reflect.Int, reflect.Int64:
		return map[string]any{"type": "integer"}
	case reflect.Interface:
		return map[string]any{}
	}
	panic("input.Document has a field of kind " + t.Kind().String() + ", which has no schema yet")
}

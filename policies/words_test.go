package policies

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/bulwark-authz/bulwark/plugin/input"
)

// TestWordsAreAll: what the examples of all rules fill a field with is in its
// list of words, which a rule may compare it with.
func TestWordsAreAll(t *testing.T) {
	text, err := os.ReadFile(inputSchemaFile)
	if err != nil {
		t.Fatal(err)
	}
	var schema map[string]any
	if err := json.Unmarshal(text, &schema); err != nil {
		t.Fatal(err)
	}
	checked, states := 0, 0
	for _, rule := range rulesToCheck(t) {
		examples, err := rule.Examples()
		if err != nil {
			t.Fatal(err)
		}
		for _, example := range slices.Concat(examples.Deny, examples.Allow) {
			body, err := example.Request.Bytes()
			if err != nil {
				t.Fatal(err)
			}
			doc := input.FromRequest(input.Request{Method: example.Request.Method, URI: example.Request.URI, Headers: example.Request.Headers, Body: body})
			facts, err := json.Marshal(example.Facts)
			if err != nil {
				t.Fatal(err)
			}
			if err := json.Unmarshal(facts, &doc.Facts); err != nil {
				t.Fatal(err)
			}
			text, err := json.Marshal(doc)
			if err != nil {
				t.Fatal(err)
			}
			var value any
			if err := json.Unmarshal(text, &value); err != nil {
				t.Fatal(err)
			}
			if facts := value.(map[string]any)["facts"]; example.Facts != nil {
				states += checkWords(t, schema, schema["properties"].(map[string]any)["facts"].(map[string]any), facts, rule.Name+".facts")
			}
			checked += checkWords(t, schema, schema, value, rule.Name)
		}
	}
	if checked < 1000 || states < 20 {
		t.Errorf("only %d words, of which %d are of facts", checked, states)
	}
}

func checkWords(t *testing.T, root, schema map[string]any, value any, at string) (checked int) {
	t.Helper()
	if name, ok := schema["$ref"].(string); ok {
		schema = root["$defs"].(map[string]any)[strings.TrimPrefix(name, "#/$defs/")].(map[string]any)
	}
	switch value := value.(type) {
	case string:
		if words, ok := schema["enum"].([]any); ok {
			checked++
			if !slices.Contains(words, any(value)) {
				t.Errorf("%s is %q, which is not in input.Words", at, value)
			}
		}
	case []any:
		for i, element := range value {
			items, _ := schema["items"].(map[string]any)
			checked += checkWords(t, root, items, element, fmt.Sprintf("%s[%d]", at, i))
		}
	case map[string]any:
		for name, member := range value {
			properties, _ := schema["properties"].(map[string]any)
			of, ok := properties[name].(map[string]any)
			if !ok {
				of, ok = schema["additionalProperties"].(map[string]any)
			}
			if ok { // of the body nothing is said
				checked += checkWords(t, root, of, member, at+"."+name)
			}
		}
	}
	return checked
}

package judge

import (
	"encoding/json"
	"fmt"

	"github.com/bulwark-authz/bulwark/plugin/input"
	"github.com/bulwark-authz/bulwark/policies"
)

// Example is the input document of a request as in the examples of a rule,
// with the facts that it states. Nothing is looked up.
func Example(example policies.Example) (input.Document, error) {
	body, err := example.Request.Bytes()
	if err != nil {
		return input.Document{}, fmt.Errorf("encoding the body: %w", err)
	}
	doc := input.FromRequest(input.Request{
		Method: example.Request.Method, URI: example.Request.URI, Headers: example.Request.Headers, Body: body,
	})
	facts, err := json.Marshal(example.Facts)
	if err == nil {
		err = json.Unmarshal(facts, &doc.Facts)
	}
	if err != nil {
		return input.Document{}, fmt.Errorf("reading the facts: %w", err)
	}
	return doc, nil
}

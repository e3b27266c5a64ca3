package policies

import "encoding/json"

// Examples are real requests: those that the rule, and it alone, denies under
// its default params, and those that pass every rule of its profile.
type Examples struct {
	Deny  []Example `yaml:"deny"`
	Allow []Example `yaml:"allow"`
}

// Example is one request with the docker command that sends it, if there is
// one.
type Example struct {
	CLI     string  `yaml:"cli"`
	Request Request `yaml:"request"`
	// Facts are what a look-up tells; they replace input.facts.
	Facts map[string]any `yaml:"facts"`
}

// Request is what a client sends to the engine.
type Request struct {
	Method  string            `yaml:"method"`
	URI     string            `yaml:"uri"`
	Headers map[string]string `yaml:"headers"`
	// Body is sent as JSON, and a string as it is.
	Body any `yaml:"body"`
}

// Bytes is the body as it is sent, nil without one.
func (r Request) Bytes() ([]byte, error) {
	switch body := r.Body.(type) {
	case nil:
		return nil, nil
	case string:
		return []byte(body), nil
	default:
		return json.Marshal(body)
	}
}

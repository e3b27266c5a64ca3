// Package decisionlog writes one JSON line per decision, and the plugin's own
// messages beside them. A reader that stalls or a disk that is full costs log
// lines, never a decision.
package decisionlog

import (
	"encoding/json"
	"maps"
	"slices"
	"time"

	"github.com/bulwark-authz/bulwark/plugin/input"
)

// Outcome is how a request ended.
type Outcome string

const (
	// Allow lets the engine go on.
	Allow Outcome = "allow"
	// Deny means that a rule fired.
	Deny Outcome = "deny"
	// Refuse means that no decision could be made.
	Refuse Outcome = "refuse"
)

// Entry is one line of the decision log. It never holds the value of an
// environment variable or a header, a credential, or the data of a secret or a
// config.
type Entry struct {
	Time       time.Time `json:"time"`
	Level      string    `json:"level"`
	Kind       string    `json:"msg"`
	DecisionID string    `json:"decision_id"`
	Outcome    Outcome   `json:"outcome"`
	Allow      bool      `json:"allow"`

	User       string `json:"user"`
	UserMethod string `json:"user_method"`
	Operation  string `json:"operation"`
	Method     string `json:"method"`
	Path       string `json:"path"`
	Object     string `json:"object"`
	APIVersion string `json:"api_version"`
	// QueryNames are the names of the query parameters, sorted.
	QueryNames []string `json:"query_names"`

	Violations []Finding `json:"violations"`
	Dryrun     []Finding `json:"dryrun"`
	// Excepted is what an exception let pass.
	Excepted []Finding `json:"excepted,omitempty"`
	// Omitted counts the findings left out to keep the line short.
	Omitted int `json:"omitted,omitempty"`
	// Error says why no decision could be made.
	Error          string `json:"error,omitempty"`
	DurationMicros int64  `json:"duration_us"`

	// Input is the input document, masked, from which the decision can be made
	// again; only the file has it. InputOmitted says why it was left out.
	Input        json.RawMessage `json:"input,omitempty"`
	InputOmitted string          `json:"input_omitted,omitempty"`

	doc *input.Document // nil for none
}

// Finding is what one rule found.
type Finding struct {
	Rule  string `json:"rule"`
	Field string `json:"field"`
	Msg   string `json:"msg"`
	// Exception is the name of the one that lets it pass.
	Exception string `json:"exception,omitempty"`
}

// About starts the entry of a request with what may be known of it. The
// document is read later, and must stay as it is.
func About(doc *input.Document) Entry {
	return Entry{
		User:       doc.User.Name,
		UserMethod: doc.User.Method,
		Operation:  doc.Operation,
		Method:     doc.Method,
		Path:       doc.Path,
		Object:     doc.Object,
		APIVersion: doc.APIVersion,
		QueryNames: slices.Sorted(maps.Keys(doc.Query)),
		doc:        doc,
	}
}

// Package check judges, by the policy of a host, requests that nobody has sent
// to its engine: those behind a file, and those of a client that is run with a
// recording engine.
package check

import (
	"github.com/bulwark-authz/bulwark/cmd/bulwark/internal/check/place"
	"github.com/bulwark-authz/bulwark/plugin/policy"
)

// Outcome is what the engine would do with a request.
type Outcome string

// The outcomes. A request that could not be decided on is refused, as the
// plugin would refuse it.
const (
	Allow  Outcome = "allow"
	Deny   Outcome = "deny"
	Refuse Outcome = "refuse"
)

// Report is the result of a check.
type Report struct {
	Sources []Source `json:"sources"`
}

// Source is a file or a command, and what it would ask the engine for.
type Source struct {
	// Name is the file as it was given, or the command line.
	Name string `json:"name"`
	// Kind is body, inspect, compose, command or engine.
	Kind Kind `json:"kind"`
	// Requests are in order. Those that only read are there when they are not
	// allowed.
	Requests []Request `json:"requests"`
	// Notes say what the verdicts do not rest on.
	Notes []string `json:"notes"`
}

// Kind is what a source is.
type Kind string

// The kinds of sources.
const (
	Body    Kind = "body"
	Inspect Kind = "inspect"
	Compose Kind = "compose"
	Command Kind = "command"
	Engine  Kind = "engine"
)

// Request is one request and the verdict on it.
type Request struct {
	// Subject says what it is for: "service web", "create container web".
	Subject   string  `json:"subject"`
	Operation string  `json:"operation"`
	Method    string  `json:"method"`
	URI       string  `json:"uri"`
	Outcome   Outcome `json:"outcome"`
	// Message is what the client would read of it, but for the decision's id;
	// "" when it is allowed.
	Message string `json:"message"`
	// Violations are why it is denied, Dryrun what would be denied if the
	// rules were enforced.
	Violations []Finding `json:"violations"`
	Dryrun     []Finding `json:"dryrun"`
}

// Finding is what a rule found, and where it is written.
type Finding struct {
	policy.Violation
	place.Place
}

// Counts is how many requests have each outcome.
func (r Report) Counts() map[Outcome]int {
	counts := map[Outcome]int{}
	for _, source := range r.Sources {
		for _, request := range source.Requests {
			counts[request.Outcome]++
		}
	}
	return counts
}

// Allowed reports whether every request is allowed.
func (r Report) Allowed() bool {
	counts := r.Counts()
	return counts[Deny] == 0 && counts[Refuse] == 0
}

// IsFile reports whether the source is a file, or the standard input.
func (s Source) IsFile() bool { return s.Kind != Command && s.Kind != Engine }

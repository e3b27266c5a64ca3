// Package explain tells a person how a decision came about.
package explain

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"regexp"

	"go.yaml.in/yaml/v3"

	"github.com/bulwark-authz/bulwark/cmd/bulwark/internal/decisions"
	"github.com/bulwark-authz/bulwark/cmd/bulwark/internal/hint"
	"github.com/bulwark-authz/bulwark/cmd/bulwark/internal/judge"
	"github.com/bulwark-authz/bulwark/plugin/input"
	"github.com/bulwark-authz/bulwark/policies"
)

// Subject is what is to be explained.
type Subject struct {
	Doc input.Document
	// Entry is the decision in the log, nil for a request from elsewhere.
	Entry *decisions.Entry
}

var decisionID = regexp.MustCompile(`^[0-9A-Z]{16}$`)

// Find finds what a command line names: a decision of a log, by its id, or a
// file, "-" for the standard input.
func Find(name, log string, stdin io.Reader) (Subject, error) {
	if name == "-" {
		text, err := io.ReadAll(stdin)
		if err != nil {
			return Subject{}, fmt.Errorf("reading the standard input: %w", err)
		}
		return Parse("standard input", text)
	}
	text, err := os.ReadFile(name)
	switch {
	case err == nil:
		return Parse(name, text)
	case !errors.Is(err, fs.ErrNotExist):
		return Subject{}, fmt.Errorf("reading the request: %w", err)
	case decisionID.MatchString(name):
		return lookUp(name, log)
	}
	return Subject{}, hint.Wrap(fmt.Errorf("%s is no file, and no id of a decision", name),
		"an id has 16 letters and digits: whoever is denied reads it, and bulwark logs shows it")
}

func lookUp(id, log string) (Subject, error) {
	for entry, err := range decisions.Read(decisions.Logs([]string{log}, nil)...) {
		if err != nil {
			return Subject{}, err
		}
		if entry.DecisionID == id {
			return ofEntry(entry)
		}
	}
	return Subject{}, hint.Wrap(fmt.Errorf("%s has no decision %s", log, id), "name another log with --log; older ones lie beside it")
}

func ofEntry(entry decisions.Entry) (Subject, error) {
	doc, err := entry.Document()
	return Subject{Doc: doc, Entry: &entry}, hint.Wrap(err, "write the request to a file, as in the examples of a rule, and explain that")
}

// Parse reads one request: a line of a decision log, an input document, or a
// request as in the examples of a rule.
func Parse(place string, text []byte) (Subject, error) {
	var entries []decisions.Entry
	for entry, err := range decisions.Read(decisions.Log{Name: place, Stdin: bytes.NewReader(text)}) {
		if err != nil {
			break // whatever it is, it is no log
		}
		entries = append(entries, entry)
	}
	switch len(entries) {
	case 0:
		doc, err := parseRequest(text)
		if err != nil {
			err = hint.Wrap(fmt.Errorf("%s: %w", place, err),
				"give a line of the decision log, an input document, or a request with method, uri and body as in the examples of a rule")
		}
		return Subject{Doc: doc}, err
	case 1:
		return ofEntry(entries[0])
	}
	return Subject{}, hint.Wrap(fmt.Errorf("%s has %d decisions", place, len(entries)), "name one by its id, and the file with --log")
}

func parseRequest(text []byte) (input.Document, error) {
	// What each kind of file has, and no other.
	var is struct {
		Operation *string `yaml:"operation"`
		Request   any     `yaml:"request"`
		URI       string  `yaml:"uri"`
	}
	if err := yaml.Unmarshal(text, &is); err != nil {
		return input.Document{}, err
	}
	var example policies.Example
	var err error
	switch {
	case is.Operation != nil:
		return parseDocument(text)
	case is.Request != nil:
		err = decode(text, &example)
	case is.URI != "":
		err = decode(text, &example.Request)
	default:
		err = errors.New("this is no request")
	}
	if err != nil {
		return input.Document{}, err
	}
	return judge.Example(example)
}

func parseDocument(text []byte) (input.Document, error) {
	var doc input.Document
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	decoder.UseNumber()
	return doc, decoder.Decode(&doc)
}

func decode(text []byte, into any) error {
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	return decoder.Decode(into)
}

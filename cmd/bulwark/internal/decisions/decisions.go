// Package decisions reads decision logs, whole or as they grow.
package decisions

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"strings"

	"github.com/bulwark-authz/bulwark/cmd/bulwark/internal/hint"
	"github.com/bulwark-authz/bulwark/plugin/decisionlog"
	"github.com/bulwark-authz/bulwark/plugin/input"
)

// DefaultLog is where the plugin writes on a host.
const DefaultLog = "/var/log/bulwark/decisions.jsonl"

// Entry is one decision of a log.
type Entry struct {
	decisionlog.Entry
	// Line is the line as it stands in the log, without its end.
	Line []byte
	// Place is the file and the number of the line: "decisions.jsonl:3".
	Place string
}

// Recorded reports whether the decision can be made again.
func (e Entry) Recorded() bool { return len(e.Input) > 0 }

// Document is the input document that was decided on, with what the log masks.
// It is an error for none to be recorded.
func (e Entry) Document() (input.Document, error) {
	var doc input.Document
	if !e.Recorded() {
		return doc, fmt.Errorf("%s: the request is not in the log%s", e.Place, e.why())
	}
	decoder := json.NewDecoder(bytes.NewReader(e.Input))
	decoder.UseNumber() // numbers of any size stay what they are
	if err := decoder.Decode(&doc); err != nil {
		return doc, fmt.Errorf("%s: reading the request: %w", e.Place, err)
	}
	return doc, nil
}

func (e Entry) why() string {
	if e.InputOmitted == "" {
		return ""
	}
	return ": " + e.InputOmitted
}

// Read gives the decisions of several logs, one log after the other. Lines
// that are no decisions are passed over: the plugin's own messages, other
// programs' lines, and a line that was cut. The first error ends it. That
// there are lines and none is a decision is one.
func Read(logs ...Log) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		lines, decisions := false, false
		for line, err := range linesOf(logs) {
			entry, isDecision := Entry{}, true
			if err == nil {
				entry, isDecision, err = parse(line)
			}
			if isDecision && !yield(entry, err) || err != nil {
				return
			}
			lines, decisions = true, decisions || isDecision
		}
		if lines && !decisions {
			yield(Entry{}, noLog(logs))
		}
	}
}

func linesOf(logs []Log) iter.Seq2[line, error] {
	return func(yield func(line, error) bool) {
		for _, log := range logs {
			for line, err := range log.lines() {
				if !yield(line, err) || err != nil {
					return
				}
			}
		}
	}
}

// noLog is the error for files that are something else.
func noLog(logs []Log) error {
	names := make([]string, len(logs))
	for i, log := range logs {
		names[i] = log.Name
	}
	return hint.Wrap(fmt.Errorf("there is no decision in %s", strings.Join(names, ", ")), "a decision log has one JSON object a line; the plugin writes "+DefaultLog)
}

// parse reads one line, and says whether it is a decision. What says that it is
// one and cannot be read is an error.
func parse(l line) (Entry, bool, error) {
	entry := Entry{Line: l.text, Place: l.place}
	err := json.Unmarshal(l.text, &entry.Entry)
	if wrong := new(json.UnmarshalTypeError); err != nil && !errors.As(err, &wrong) {
		return entry, false, nil // not JSON, or the beginning of it
	}
	if entry.Kind != "decision" {
		return entry, false, nil
	}
	if err != nil {
		err = fmt.Errorf("%s: reading a decision: %w", l.place, err)
	}
	return entry, true, err
}

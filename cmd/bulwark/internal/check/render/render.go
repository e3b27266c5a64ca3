// Package render writes the result of a check for people and for machines.
package render

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/bulwark-authz/bulwark/cmd/bulwark/internal/check"
)

// formats are the ways to write a report.
var formats = map[string]func(io.Writer, check.Report) error{
	"text": writeText, "json": writeJSON, "sarif": writeSARIF, "junit": writeJUnit,
}

// Formats are the names of the formats, sorted.
func Formats() []string { return slices.Sorted(maps.Keys(formats)) }

// Write writes a report in one of the formats.
func Write(w io.Writer, format string, r check.Report) error {
	write, ok := formats[format]
	if !ok {
		return fmt.Errorf("unknown output format %q", format)
	}
	return write(w, r)
}

// writeJSON writes everything that is known.
func writeJSON(w io.Writer, r check.Report) error {
	counts := r.Counts()
	return encode(w, struct {
		Allowed bool                  `json:"allowed"`
		Counts  map[check.Outcome]int `json:"counts"`
		check.Report
	}{r.Allowed(), map[check.Outcome]int{
		check.Allow: counts[check.Allow], check.Deny: counts[check.Deny], check.Refuse: counts[check.Refuse],
	}, r})
}

func encode(w io.Writer, v any) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(v)
}

// where a finding is: file, line and key, and the request's field.
func where(source check.Source, f check.Finding) string {
	var parts []string
	if source.IsFile() && f.Line > 0 {
		parts = append(parts, fmt.Sprintf("%s:%d", f.File, f.Line))
	}
	if f.Key != "" && f.Key != f.Field {
		parts = append(parts, f.Key)
	}
	switch {
	case f.Field != "" && len(parts) == 0:
		parts = append(parts, f.Field)
	case f.Field != "":
		parts = append(parts, "("+f.Field+")")
	}
	return printable(strings.Join(parts, " "))
}

// printable escapes what would break a line or play with a terminal: texts
// quote the request, which anyone may have written.
func printable(s string) string {
	var b strings.Builder
	for _, r := range s {
		if strconv.IsPrint(r) {
			b.WriteRune(r)
			continue
		}
		b.WriteString(strings.Trim(strconv.QuoteRune(r), "'"))
	}
	return b.String()
}

package explain

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/bulwark-authz/bulwark/plugin/policy"
)

func (t *Text) read(rule string, read policy.Read) string {
	path := read.Path
	for _, own := range []string{"data.rules." + rule + ".", "data.custom.rules." + rule + "."} {
		path = strings.TrimPrefix(path, own)
	}
	text := path + " is not there"
	if !read.Missing {
		text = path + " = " + value(read.Value)
	}
	if read.SetBy != nil {
		text += "  (" + t.source(*read.SetBy) + ")"
	}
	return text
}

// source says who set something.
func (t *Text) source(s policy.Source) string {
	switch s.By {
	case policy.BySettings:
		what := policy.SettingsFile
		if line := t.Lines[s.Name]; line > 0 {
			what += fmt.Sprintf(":%d", line)
		}
		if s.Name == "mode" {
			what += ", mode: audit"
		}
		return what
	case policy.ByProfile:
		return "profile " + s.Name
	case policy.ByLock:
		return "and locked: no setting changes it"
	case policy.ByStartGate:
		return "because of the rule start_gate: the container was created before"
	}
	return "the default"
}

func (t *Text) exception(check policy.ExceptionCheck) string {
	name := check.Name
	if line := t.Lines["exceptions."+name]; line > 0 {
		name += fmt.Sprintf(" (%s:%d)", policy.SettingsFile, line)
	}
	var why []string
	if check.Ended != "" {
		why = append(why, "it ended on "+check.Ended)
	}
	for _, unmet := range check.Unmet {
		why = append(why, fmt.Sprintf("it is for %s %s, the request has %s", unmet.Criterion, value(unmet.Wanted), value(unmet.Found)))
	}
	if check.Covers {
		return name + " covers it"
	}
	return name + " does not cover it: " + strings.Join(why, "; ")
}

// value is a value as JSON.
func value(v any) string {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		return fmt.Sprint(v)
	}
	return cut(strings.TrimSpace(out.String()), longestValue)
}

func cut(text string, most int) string {
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return string([]rune(text)[:most]) + "..."
}

// wrapped are names in lines of about a terminal's width.
func wrapped(names []string) string {
	const width = 100
	var out strings.Builder
	line := " "
	for i, name := range names {
		if i < len(names)-1 {
			name += ","
		}
		if len(line)+1+len(name) > width {
			out.WriteString(line + "\n")
			line = " "
		}
		line += " " + name
	}
	return out.String() + line + "\n"
}

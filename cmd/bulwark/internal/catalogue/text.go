package catalogue

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/bulwark-authz/bulwark/plugin/policy"
	"github.com/bulwark-authz/bulwark/policies"
)

// Text is the page for a terminal.
func (p Page) Text() string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	list := func(title string, items []string) {
		if len(items) > 0 {
			line("\n%s\n  %s", title, strings.Join(items, "\n  "))
		}
	}
	line("%s: %s\n\n%s", p.Rule, p.Title, wrap(p.Description))
	line("\nSeverity    %s", dash(p.Severity))
	line("Here        %s (%s)", enforcementText(p.Enforcement), p.SetBy)
	line("Looks at    %s", operationsText(p.Operations))
	if p.File != "" {
		line("Written in  %s", p.File)
	}
	line("Instead     %s", p.Remediation)
	for i, param := range p.ParamList {
		if i == 0 {
			line("\nParams")
		}
		line("  %s: %s", param.Name, param.Description)
		line("    default  %s", value(param.Default))
		if param.SetAt != "" || value(param.Here) != value(param.Default) {
			line("    here     %s%s", value(param.Here), bracketed(param.SetAt))
		}
	}
	for i, e := range p.Exceptions {
		if i == 0 {
			line("\nExceptions")
		}
		line("  %s (%s) %s %s: %s", e.Name, e.At, map[bool]string{true: "ended on", false: "ends on"}[e.Ended], e.Expires, e.Reason)
	}
	list("Denied", p.Deny)
	list("Allowed", p.Allow)
	list("Standards", append(prefixed("CIS Docker Benchmark ", p.CIS), prefixed("Pod Security Standards, ", p.PSS)...))
	list("Read more", p.Read)
	return b.String()
}

func enforcementText(e policy.Enforcement) string {
	if e == "" {
		return "not asked"
	}
	return string(e)
}

func operationsText(operations []string) string {
	switch {
	case slices.Equal(operations, []string{policies.EveryOperation}):
		return "every request"
	case slices.Equal(operations, []string{policies.NoOperation}):
		return "requests that are no operation of the engine"
	}
	return strings.ReplaceAll(wrapAt(strings.Join(operations, ", "), width-len("Looks at    ")), "\n", "\n            ")
}

func bracketed(text string) string {
	if text == "" {
		return ""
	}
	return " (" + text + ")"
}

func prefixed(prefix string, items []string) []string {
	var list []string
	for _, item := range items {
		list = append(list, prefix+item)
	}
	return list
}

// value is a param's as it would be written in the settings.
func value(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(text)
}

// width is that of text in a terminal.
const width = 100

func wrap(text string) string { return wrapAt(text, width) }

// wrapAt breaks lines between words.
func wrapAt(text string, width int) string {
	var b strings.Builder
	length := 0
	for i, word := range strings.Fields(text) {
		switch {
		case i == 0:
		case length+1+len(word) > width:
			b.WriteByte('\n')
			length = 0
		default:
			b.WriteByte(' ')
			length++
		}
		b.WriteString(word)
		length += len(word)
	}
	return b.String()
}

package policy

import (
	"fmt"
	"strconv"
	"strings"
)

const (
	// mostLines and mostRunes keep a hostile request from filling the
	// client's terminal and the engine's log.
	mostLines = 20
	mostRunes = 600
)

// Message is what the denied user reads: one line a finding, the rule's name
// first, no line break at the end. It is empty when nothing denies.
func (d Decision) Message() string {
	var lines []string
	for i, v := range d.Violations {
		if i == mostLines {
			lines = append(lines, fmt.Sprintf("and %d more findings", len(d.Violations)-mostLines))
			break
		}
		lines = append(lines, v.String())
	}
	return strings.Join(lines, "\n")
}

// String is the finding as one line: `rule: msg (field); fix`.
func (v Violation) String() string {
	where, fix := "", ""
	if v.Field != "" && !namesField(v.Msg, v.Field) {
		where = " (" + v.Field + ")"
	}
	if v.Fix != "" {
		fix = "; " + v.Fix
	}
	return oneLine(v.Rule + ": " + v.Msg + where + fix)
}

// namesField reports whether a message says more about its field than its
// name, as in "... (User is 0)".
func namesField(msg, field string) bool { return strings.Contains(msg, "("+field+" ") }

// oneLine escapes what would break the line or play with a terminal, and cuts
// what is too long: the text quotes the request, which anyone may write.
func oneLine(s string) string {
	if len(s) <= mostRunes && strings.IndexFunc(s, func(r rune) bool { return r < ' ' || r > '~' }) < 0 {
		return s
	}
	var b strings.Builder
	runes := 0
	for _, r := range s {
		if runes++; runes > mostRunes {
			b.WriteString("...")
			break
		}
		if strconv.IsPrint(r) {
			b.WriteRune(r)
			continue
		}
		b.WriteString(strings.Trim(strconv.QuoteRune(r), "'"))
	}
	return b.String()
}

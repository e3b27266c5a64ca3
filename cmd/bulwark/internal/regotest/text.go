package regotest

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/bulwark-authz/bulwark/cmd/bulwark/internal/decisions"
	"github.com/bulwark-authz/bulwark/plugin/policy"
)

// longestValue is in characters.
const longestValue = 600

// writer writes lines that no terminal acts on.
type writer struct{ strings.Builder }

func (w *writer) line(format string, args ...any) {
	fmt.Fprintln(w, decisions.Printable(fmt.Sprintf(format, args...)))
}

// Text is the report for a person.
func (r Report) Text() string {
	var w writer
	for _, test := range r.Tests {
		w.test(test)
	}
	for _, fault := range r.Faults {
		for _, line := range strings.Split("error: "+fault, "\n") {
			w.line("%s", line)
		}
	}
	for _, of := range r.Coverage {
		w.line("%s: %.0f %% covered%s", of.File, of.Percent, notCovered(of))
	}
	for _, wrong := range r.Examples.Wrong {
		w.line("FAIL  example of %s to %s: %s", wrong.Rule, wrong.Wanted, wrong.Command)
		w.line("      %s", wrong.Problem)
		for _, found := range wrong.Found {
			w.line("      %s", found)
		}
	}
	for _, rule := range r.Untested {
		w.line("warning: no test ran for the rule %s; write one into its folder, as %s_test.rego", rule, rule)
	}
	w.line("%s", r.summary())
	return w.String()
}

func (w *writer) test(test policy.TestResult) {
	switch {
	case test.Passed:
		w.line("ok    %s  %s:%d", test.Name, test.File, test.Line)
		return
	case test.Skipped:
		w.line("skip  %s  %s:%d", test.Name, test.File, test.Line)
		return
	}
	w.line("FAIL  %s  %s:%d", test.Name, test.File, test.Line)
	if test.Error != "" {
		w.line("      %s", test.Error)
	}
	for _, condition := range test.Unmet {
		w.line("      line %d is not true: %s", condition.Line, condition.Text)
		for _, value := range condition.Values {
			w.line("        %s: %s", value.Text, cut(value.Value))
		}
	}
}

func notCovered(of policy.Coverage) string {
	if len(of.NotCovered) == 0 {
		return ""
	}
	var places []string
	for _, line := range of.NotCovered {
		places = append(places, fmt.Sprintf("%s:%d", of.File, line))
	}
	return ", no test reaches " + strings.Join(places, ", ")
}

func (r Report) summary() string {
	counts := map[string]int{}
	for _, test := range r.Tests {
		switch {
		case test.Passed:
			counts["passed"]++
		case test.Skipped:
			counts["skipped"]++
		default:
			counts["failed"]++
		}
	}
	text := fmt.Sprintf("tests: %d passed, %d failed", counts["passed"], counts["failed"])
	if counts["skipped"] > 0 {
		text += fmt.Sprintf(", %d skipped", counts["skipped"])
	}
	if r.Examples.BuiltIn > 0 {
		text += fmt.Sprintf("; examples: %d of the site's rules and all of the built-in ones, %d wrong", r.Examples.Site, len(r.Examples.Wrong))
	}
	return text
}

func cut(text string) string {
	if utf8.RuneCountInString(text) <= longestValue {
		return text
	}
	return string([]rune(text)[:longestValue]) + "..."
}

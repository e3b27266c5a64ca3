package explain

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bulwark-authz/bulwark/cmd/bulwark/internal/decisions"
	"github.com/bulwark-authz/bulwark/plugin/input"
	"github.com/bulwark-authz/bulwark/plugin/policy"
)

const (
	mostReads = 8
	mostWays  = 3
	// longestValue and longestCode are in characters.
	longestValue = 120
	longestCode  = 100
)

// Text writes an explanation for a person.
type Text struct {
	// Lines are those of the settings: policy.SettingLines.
	Lines map[string]int
	// All tells everything about every rule.
	All bool

	out strings.Builder
}

// Of is the whole text.
func (t *Text) Of(subject Subject, x policy.Explanation) string {
	t.line("%s", request(subject.Doc))
	t.line("%s", outcome(x.Decision))
	if e := subject.Entry; e != nil {
		t.line("decision %s of %s", e.DecisionID, e.Time.UTC().Format("2006-01-02 15:04:05Z"))
		if e.Allow != x.Decision.Allow {
			t.line("The log says %s: the settings or the rules were others then, or the log masks what decided.", e.Outcome)
		}
	}
	var quiet []string
	for _, rule := range inOrder(x.Rules) {
		if !t.All && !worthTelling(rule) {
			quiet = append(quiet, rule.Rule)
			continue
		}
		t.rule(rule)
	}
	if len(quiet) > 0 {
		t.line("\n%d more rules looked, and what they look at is not in the request (--all tells more):", len(quiet))
		t.out.WriteString(wrapped(quiet))
	}
	return t.out.String()
}

// line writes one line; a line break at its start is an empty line before it.
func (t *Text) line(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if rest, gap := strings.CutPrefix(text, "\n"); gap {
		t.out.WriteString("\n")
		text = rest
	}
	t.out.WriteString(decisions.Printable(text) + "\n")
}

func (t *Text) item(label, format string, args ...any) {
	t.line("  %-10s %s", label, fmt.Sprintf(format, args...))
}

func request(doc input.Document) string {
	path := doc.Path
	if doc.APIVersion != "" {
		path = "/v" + doc.APIVersion + path
	}
	operation := doc.Operation
	if operation == "" {
		operation = "no known operation"
	}
	text := fmt.Sprintf("%s %s (%s)", doc.Method, path, operation)
	if doc.User.Name != "" {
		text += " of " + doc.User.Name
	}
	return text
}

func outcome(d policy.Decision) string {
	if d.Allow {
		return "allowed"
	}
	var rules []string
	for _, v := range d.Violations {
		if !slices.Contains(rules, v.Rule) {
			rules = append(rules, v.Rule)
		}
	}
	return "denied by " + strings.Join(rules, ", ")
}

// inOrder puts first what found something.
func inOrder(rules []policy.Explained) []policy.Explained {
	sorted := slices.Clone(rules)
	order := []policy.Verdict{policy.Fired, policy.Logged, policy.Lifted, policy.Unasked, policy.Silent}
	rank := func(r policy.Explained) int {
		if len(r.Findings) == 0 {
			return len(order)
		}
		return slices.Index(order, r.Verdict)
	}
	slices.SortStableFunc(sorted, func(a, b policy.Explained) int { return rank(a) - rank(b) })
	return sorted
}

// of every request, so that a rule that read only these looked at nothing.
var ofEvery = []string{
	"input.operation", "input.kind", "input.risk", "input.method", "input.path", "input.api_version", "input.api_minor", "input.user.name",
}

func worthTelling(rule policy.Explained) bool {
	return len(rule.Findings) > 0 || slices.ContainsFunc(rule.Reads, func(r policy.Read) bool {
		return strings.HasPrefix(r.Path, "input.") && !r.Empty && !slices.Contains(ofEvery, r.Path)
	})
}

func (t *Text) rule(rule policy.Explained) {
	verdict := string(rule.Verdict)
	if rule.Verdict == policy.Unasked && len(rule.Findings) > 0 {
		verdict += " (would have fired)"
	}
	t.line("\n%s  %s", rule.Rule, verdict)
	for _, v := range rule.Findings {
		t.item("found", "%s", v)
	}
	t.ways(rule)
	t.reads(rule)
	if t.All || len(rule.Findings) > 0 || rule.SetBy.By != policy.ByRule {
		t.item("set", "%s, %s", rule.Enforcement, t.source(rule.SetBy))
	}
	for _, check := range rule.Exceptions {
		t.item("exception", "%s", t.exception(check))
	}
}

func (t *Text) ways(rule policy.Explained) {
	shown := 0
	for _, way := range rule.Ways {
		switch {
		case way.Denied:
			t.item("by", "%s:%d", way.File, way.Line)
			continue
		case len(rule.Findings) > 0 && !t.All || way.Condition == "":
			continue
		case shown == mostWays && !t.All:
			return
		}
		shown++
		t.item("not met", "%s  (%s:%d)", cut(way.Condition, longestCode), way.File, way.Line)
		if why := way.Because; why != nil {
			is := map[bool]string{true: "is true", false: "is not true"}[why.Met]
			t.item("because", "%s %s  (%s:%d)", cut(why.Text, longestCode), is, why.File, why.Line)
		}
	}
}

func (t *Text) reads(rule policy.Explained) {
	told := rule.Reads
	if !t.All {
		told = slices.DeleteFunc(slices.Clone(told), func(r policy.Read) bool {
			return strings.HasSuffix(r.Path, ".field") || slices.Contains(ofEvery, r.Path)
		})
	}
	for i, read := range told {
		if i == mostReads && !t.All {
			t.item("", "and %d more", len(told)-mostReads)
			return
		}
		t.item(first(i, "read"), "%s", t.read(rule.Rule, read))
	}
}

func first(i int, label string) string {
	if i > 0 {
		return ""
	}
	return label
}

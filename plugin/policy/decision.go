// Package policy decides on requests: it evaluates the rules over the input
// document and says what was found, in words for the person who is denied.
package policy

import (
	"cmp"
	"slices"
)

// Decision is the outcome for one request. The zero Decision denies.
type Decision struct {
	Allow bool `json:"allow"`
	// Violations are why the request is denied, sorted, each once.
	Violations []Violation `json:"violations"`
	// Dryrun is what would have denied it if its rule were enforced.
	Dryrun []Violation `json:"dryrun"`
	// Excepted is what would have denied it but for an exception.
	Excepted []Excepted `json:"excepted"`
}

// usualFindings is how many findings a denied request has, seldom more.
const usualFindings = 16

// Excepted is a finding that an exception lets pass.
type Excepted struct {
	Violation
	Exception string `json:"exception"`
}

// Violation is one finding of one rule.
type Violation struct {
	Rule string `json:"rule"`
	// Field is the place in the request, "" when it is the request itself.
	Field string `json:"field"`
	// Msg says what would happen, Fix what to do instead.
	Msg string `json:"msg"`
	Fix string `json:"fix"`
	// Severity and Title are those of the rule.
	Severity string `json:"severity"`
	Title    string `json:"title"`
}

// decide splits findings by what is to be done about them. Whatever is not
// plainly a dry run or excepted denies.
func (e *Engine) decide(findings []finding) Decision {
	var d Decision
	for _, f := range findings {
		v := e.violation(f)
		if exception := e.exception(f.Exceptions); exception != "" && !e.byName[f.Rule].Locked {
			d.Excepted = append(d.Excepted, Excepted{Violation: v, Exception: exception})
		} else {
			d.add(v, Enforcement(f.Enforcement))
		}
	}
	d.Violations, d.Dryrun = tidy(d.Violations), tidy(d.Dryrun)
	slices.SortFunc(d.Excepted, func(a, b Excepted) int { return compare(a.Violation, b.Violation) })
	d.Allow = len(d.Violations) == 0
	return d
}

// add adds what is found; it denies unless it is plainly a dry run.
func (d *Decision) add(v Violation, enforcement Enforcement) {
	if enforcement == Dryrun {
		d.Dryrun = append(d.Dryrun, v)
		return
	}
	if d.Violations == nil {
		d.Violations = make([]Violation, 0, usualFindings)
	}
	d.Violations = append(d.Violations, v)
	d.Allow = false
}

func (e *Engine) violation(f finding) Violation {
	rule := e.byName[f.Rule]
	v := Violation{
		Rule: f.Rule, Field: *f.Violation.Field, Msg: *f.Violation.Msg, Fix: f.Violation.Fix,
		Severity: rule.Severity, Title: rule.Title,
	}
	if v.Fix == "" {
		v.Fix = rule.Remediation
	}
	return v
}

// tidy sorts violations, so that the text of a denial is stable, and leaves
// out repetitions.
func tidy(violations []Violation) []Violation {
	slices.SortFunc(violations, compare)
	return slices.Compact(violations)
}

func compare(a, b Violation) int {
	return cmp.Or(cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Field, b.Field), cmp.Compare(a.Msg, b.Msg), cmp.Compare(a.Fix, b.Fix))
}

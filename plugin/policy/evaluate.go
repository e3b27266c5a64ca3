package policy

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"

	"github.com/bulwark-authz/bulwark/policies"
)

// finding is one element of the entrypoint's set.
type finding struct {
	Rule        string `json:"rule"`
	Enforcement string `json:"enforcement"`
	Violation   struct {
		Field *string `json:"field"`
		Msg   *string `json:"msg"`
		Fix   string  `json:"fix"`
	} `json:"violation"`
	// Exceptions are the names of those that cover it.
	Exceptions []string `json:"exceptions"`
}

// evaluate asks all rules at once, unless that is known to take too long. When
// that fails it asks each by itself, so that a rule that fails denies under its
// own name.
func (e *Engine) evaluate(ctx context.Context, value ast.Value, cause error) ([]finding, error) {
	if !errors.Is(cause, errTooLong) {
		results, err := inTime(ctx, func(ctx context.Context) (rego.ResultSet, error) {
			return e.query.Eval(ctx, rego.EvalParsedInput(value))
		})
		if err == nil {
			var findings []finding
			if findings, err = readFindings(results); err == nil {
				return findings, nil
			}
		}
		if ctx.Err() != nil || errors.Is(err, errUndefined) {
			return nil, err
		}
		cause = err
	}
	return e.oneByOne(ctx, value, cause)
}

// oneByOne is slow, some milliseconds, and for requests on which a rule fails.
// When none does, the whole has failed, as cause says, unless all of them
// together were only slow. What is denied already stays denied when the time
// for the others is over.
func (e *Engine) oneByOne(ctx context.Context, value ast.Value, cause error) ([]finding, error) {
	var all []finding
	failed, denied := errors.Is(cause, errTooLong), false
	for _, rule := range e.rules {
		if rule.Enforcement == "" || rule.Enforcement == Off {
			continue
		}
		results, err := inTime(ctx, func(ctx context.Context) (rego.ResultSet, error) {
			return e.rego(alone(rule), rego.ParsedInput(value)).Eval(ctx)
		})
		var findings []finding
		if err == nil {
			findings, err = readFindings(results)
		}
		switch {
		case ctx.Err() != nil && denied:
			return all, nil
		case ctx.Err() != nil:
			return nil, &InterruptedError{Rule: rule.Name, cause: ctx.Err()}
		case err != nil:
			failed = true
			findings = []finding{failure(rule, err)}
		}
		denied = denied || slices.ContainsFunc(findings, func(f finding) bool {
			return f.Enforcement == string(Deny) && len(f.Exceptions) == 0
		})
		all = append(all, findings...)
	}
	if !failed {
		return nil, cause
	}
	return all, nil
}

// alone asks the entrypoint with one rule, where that claims the request.
func alone(rule Rule) string {
	claimed := map[bool]string{rule.Site: fmt.Sprintf("{%q}", rule.Name), !rule.Site: "set()"}
	return fmt.Sprintf(`data.decision.findings with data.decision.claiming as (data.decision.claiming & %s) | {""}`+
		` with data.decision.site_claiming as data.decision.site_claiming & %s`, claimed[false], claimed[true])
}

// failure is the finding of a rule that cannot judge a request.
func failure(rule Rule, err error) finding {
	field, msg := "", "the rule failed on this request, so it is denied: "+err.Error()
	f := finding{Rule: rule.Name, Enforcement: string(rule.Enforcement)}
	f.Violation.Field, f.Violation.Msg = &field, &msg
	f.Violation.Fix = "an administrator of the host can mend the rule"
	return f
}

// errUndefined is that the entrypoint itself is broken, and no single rule.
var errUndefined = errors.New(policies.Entrypoint + " is undefined or no set of findings")

// readFindings takes the findings out of a result. A result that is undefined,
// that is more than one, or that is not shaped like a finding is an error.
func readFindings(results rego.ResultSet) ([]finding, error) {
	if len(results) != 1 || len(results[0].Expressions) != 1 {
		return nil, errUndefined
	}
	elements, ok := results[0].Expressions[0].Value.([]any)
	if !ok {
		return nil, errUndefined
	}
	var findings []finding
	for _, element := range elements {
		var f finding
		object, _ := element.(map[string]any)
		if rule, _ := object["rule"].(string); rule == "" {
			return nil, errUndefined
		}
		if err := convert(object, &f); err != nil {
			return nil, fmt.Errorf("reading a finding: %w", err)
		}
		if f.Violation.Field == nil || f.Violation.Msg == nil || *f.Violation.Msg == "" {
			return nil, fmt.Errorf("reading a finding of rule %s: it needs field and msg", f.Rule)
		}
		findings = append(findings, f)
	}
	return findings, nil
}

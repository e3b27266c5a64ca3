package policy

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"

	"github.com/bulwark-authz/bulwark/plugin/input"
	"github.com/bulwark-authz/bulwark/policies"
)

// Explanation says how a decision came about.
type Explanation struct {
	Decision Decision `json:"decision"`
	// Rules are those that claim the request, those that are off too.
	Rules []Explained `json:"rules"`
}

// Verdict is what came of one rule.
type Verdict string

const (
	// Fired: the rule denies.
	Fired Verdict = "fired"
	// Logged: the rule found something, and its enforcement is dryrun.
	Logged Verdict = "dryrun"
	// Lifted: an exception covers what the rule found.
	Lifted Verdict = "excepted"
	// Unasked: the rule is off. It was asked for the explanation only.
	Unasked Verdict = "off"
	// Silent: the rule found nothing.
	Silent Verdict = "did not fire"
)

// Explained is what one rule did about the request.
type Explained struct {
	Rule        string      `json:"rule"`
	Verdict     Verdict     `json:"verdict"`
	Findings    []Violation `json:"findings,omitempty"`
	Enforcement Enforcement `json:"enforcement"`
	SetBy       Source      `json:"set_by"`
	Locked      bool        `json:"locked,omitempty"`
	// Reads are the parts of the input and the params that it looked at.
	Reads []Read `json:"reads,omitempty"`
	Ways  []Way  `json:"ways,omitempty"`
	// Exceptions are those that name the rule, where it found something.
	Exceptions []ExceptionCheck `json:"exceptions,omitempty"`
}

// Read is a place in the input or in the data, and what stands there.
type Read struct {
	Path  string `json:"path"`
	Value any    `json:"value"`
	// Missing: there is no such thing.
	Missing bool `json:"missing,omitempty"`
	// Empty: the value is false, 0, "", null or an empty list, or missing.
	Empty bool `json:"-"`
	// SetBy says who set a param.
	SetBy *Source `json:"set_by,omitempty"`
}

// Way is one `deny contains` of a rule.
type Way struct {
	File string `json:"file"`
	// Line is that of the condition that was not met, or of the whole.
	Line   int  `json:"line"`
	Denied bool `json:"denied"`
	// Condition is the text of the one that was not met; of several attempts,
	// say one for each mount, the one is told that came furthest.
	Condition string `json:"condition,omitempty"`
	// Because is what made it so in a rule that the condition asks.
	Because *Place `json:"because,omitempty"`
	Reads   []Read `json:"reads,omitempty"`
}

// Place is a line of Rego: a condition that was not met, or a rule that was.
type Place struct {
	File string `json:"file"`
	Line int    `json:"line"`
	Text string `json:"text"`
	Met  bool   `json:"met"`
}

// Explain decides on a request as Decide does, and says how each rule that
// claims it came to its verdict. It takes some milliseconds a rule.
func (e *Engine) Explain(ctx context.Context, doc input.Document) (Explanation, error) {
	decision, err := e.Decide(ctx, doc)
	if err != nil {
		return Explanation{}, err
	}
	value, err := ast.InterfaceToValue(doc)
	if err != nil {
		return Explanation{}, fmt.Errorf("converting the request: %w", err)
	}
	x := explainer{e, doc, value, map[string]Enforcement{}}
	if err := x.ask(ctx, enforcements, &x.enforcement); err != nil {
		return Explanation{}, fmt.Errorf("asking which rules claim the request: %w", err)
	}
	explanation := Explanation{Decision: decision, Rules: []Explained{}}
	for _, rule := range e.rules {
		if _, claims := x.enforcement[rule.Name]; !claims {
			continue
		}
		explained, err := x.rule(ctx, rule)
		if err != nil {
			return Explanation{}, fmt.Errorf("explaining rule %s: %w", rule.Name, err)
		}
		explanation.Rules = append(explanation.Rules, explained)
	}
	if authz, found := e.explainAuthz(decision); found {
		explanation.Rules = append(explanation.Rules, authz)
	}
	return explanation, nil
}

// enforcements asks what is really done about the findings of each rule that
// claims the request.
const enforcements = `{rule: action | some rule in data.decision.claiming | data.decision.site_claiming; action := data.decision.enforcement(rule)}`

// explainer explains one request.
type explainer struct {
	*Engine
	doc         input.Document
	input       ast.Value
	enforcement map[string]Enforcement
}

// ask evaluates a query about the request.
func (x explainer) ask(ctx context.Context, query string, into any) error {
	results, err := x.rego(query, rego.ParsedInput(x.input), rego.Imports([]string{"rego.v1"})).Eval(ctx)
	if err != nil {
		return err
	}
	if len(results) != 1 {
		return errUndefined
	}
	return convert(results[0].Expressions[0].Value, into)
}

func (x explainer) rule(ctx context.Context, rule Rule) (Explained, error) {
	explained := Explained{
		Rule: rule.Name, Enforcement: x.enforcement[rule.Name], SetBy: x.source(rule), Locked: rule.Locked,
	}
	if explained.Enforcement != rule.Enforcement {
		explained.SetBy = Source{By: ByStartGate}
	}
	trace, findings, err := x.trace(ctx, rule)
	if err != nil {
		return Explained{}, err
	}
	for _, f := range findings {
		explained.Findings = append(explained.Findings, x.violation(f))
	}
	explained.Findings = tidy(explained.Findings)
	explained.Reads = x.reads(trace.reads)
	explained.Ways = x.ways(trace.ways)
	if len(findings) > 0 {
		if explained.Exceptions, err = x.exceptions(ctx, rule); err != nil {
			return Explained{}, err
		}
	}
	explained.Verdict = explained.verdict()
	return explained, nil
}

func (r Explained) verdict() Verdict {
	covers := func(c ExceptionCheck) bool { return c.Covers }
	switch {
	case r.Enforcement == Off:
		return Unasked
	case len(r.Findings) == 0:
		return Silent
	case slices.ContainsFunc(r.Exceptions, covers) && !r.Locked:
		return Lifted
	case r.Enforcement == Dryrun:
		return Logged
	}
	return Fired
}

// trace evaluates one rule by itself. A rule that fails has the finding that
// it has in a decision.
func (x explainer) trace(ctx context.Context, rule Rule) (*tracer, []finding, error) {
	pkg := "data." + strings.Join(rule.Package(), ".")
	trace := newTracer(pkg, x.input, func(ref ast.Ref) ast.Value { return x.valueAt(ctx, ref) })
	query, err := x.rego(pkg + ".deny").PrepareForEval(ctx)
	if err != nil {
		return nil, nil, err
	}
	// The index leaves out what cannot be true: here it is told why not.
	results, err := inTime(ctx, func(ctx context.Context) (rego.ResultSet, error) {
		return query.Eval(ctx, rego.EvalParsedInput(x.input), rego.EvalQueryTracer(trace), rego.EvalRuleIndexing(false))
	})
	switch {
	case ctx.Err() != nil:
		return nil, nil, ctx.Err()
	case err != nil:
		return trace, []finding{failure(rule, err)}, nil
	case len(results) == 0:
		return trace, nil, nil
	}
	var findings []finding
	elements, _ := results[0].Expressions[0].Value.([]any)
	for _, element := range elements {
		f := finding{Rule: rule.Name}
		if err := convert(element, &f.Violation); err != nil || f.Violation.Field == nil || f.Violation.Msg == nil {
			f = failure(rule, cmp.Or(err, fmt.Errorf("reading a finding of rule %s: it needs field and msg", rule.Name)))
		}
		findings = append(findings, f)
	}
	return trace, findings, nil
}

// explainAuthz tells what a policy written for opa-docker-authz said, which
// has no tracing.
func (e *Engine) explainAuthz(decision Decision) (Explained, bool) {
	if e.authz == nil {
		return Explained{}, false
	}
	set := Enforcement(e.settings.Rules[AuthzRule].Enforcement)
	explained := Explained{
		Rule: AuthzRule, Enforcement: e.settings.enforcement(policies.Rule{}, set),
		SetBy: e.source(Rule{Rule: policies.Rule{Name: AuthzRule, Site: true}}),
	}
	for _, v := range slices.Concat(decision.Violations, decision.Dryrun) {
		if v.Rule == AuthzRule {
			explained.Findings = append(explained.Findings, v)
		}
	}
	explained.Verdict = explained.verdict()
	return explained, true
}

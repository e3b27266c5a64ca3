package policy

import (
	"context"
	"fmt"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/open-policy-agent/opa/v1/storage/inmem"

	"github.com/bulwark-authz/bulwark/plugin/input"
	"github.com/bulwark-authz/bulwark/policies"
)

// Engine decides with one set of rules and settings. It never changes and may
// be used by many requests at once.
type Engine struct {
	query rego.PreparedEvalQuery
	rules map[string]policies.Rule
}

// New compiles the rules under the given settings. It fails on settings that
// are wrong in any way; the error says what is.
func New(settings Settings) (*Engine, error) {
	bundle, err := policies.Load()
	if err != nil {
		return nil, err
	}
	return newEngine(bundle, settings)
}

func newEngine(bundle *policies.Bundle, settings Settings) (*Engine, error) {
	if err := settings.validate(bundle); err != nil {
		return nil, err
	}
	data, err := settings.data(bundle)
	if err != nil {
		return nil, err
	}
	return prepare(bundle, data)
}

// prepare does once what would cost milliseconds for each request.
func prepare(bundle *policies.Bundle, data map[string]any) (*Engine, error) {
	compiler, err := bundle.Compile()
	if err != nil {
		return nil, err
	}
	query, err := rego.New(
		rego.Query(policies.Entrypoint),
		rego.Compiler(compiler),
		rego.Store(inmem.NewFromObject(data)),
		// Without this a built-in function that fails makes its rule
		// undefined, and what the rule would have denied passes.
		rego.StrictBuiltinErrors(true),
	).PrepareForEval(context.Background())
	if err != nil {
		return nil, fmt.Errorf("preparing rules: %w", err)
	}
	e := &Engine{query: query, rules: map[string]policies.Rule{}}
	for _, rule := range bundle.Rules {
		e.rules[rule.Name] = rule
	}
	return e, nil
}

// Decide judges one request. On an error nothing is known about the request
// and the caller must refuse it.
func (e *Engine) Decide(ctx context.Context, doc input.Document) (Decision, error) {
	if err := ctx.Err(); err != nil {
		return Decision{}, fmt.Errorf("evaluating rules: %w", err)
	}
	value, err := toValue(doc)
	if err != nil {
		return Decision{}, fmt.Errorf("converting the request to decide on: %w", err)
	}
	results, err := e.query.Eval(ctx, rego.EvalParsedInput(value))
	if err != nil {
		return Decision{}, fmt.Errorf("evaluating rules: %w", err)
	}
	findings, err := readFindings(results)
	if err != nil {
		return Decision{}, fmt.Errorf("evaluating rules: %w", err)
	}
	return e.decide(findings), nil
}

// toValue turns the document into what OPA evaluates.
func toValue(doc input.Document) (ast.Value, error) { return ast.InterfaceToValue(doc) }

// finding is one element of the entrypoint's set.
type finding struct {
	Rule        string `json:"rule"`
	Enforcement string `json:"enforcement"`
	Violation   struct {
		Field *string `json:"field"`
		Msg   *string `json:"msg"`
		Fix   string  `json:"fix"`
	} `json:"violation"`
}

// readFindings takes the findings out of a result. A result that is undefined,
// that is more than one, or that is not shaped like a finding is an error.
func readFindings(results rego.ResultSet) ([]finding, error) {
	if len(results) != 1 || len(results[0].Expressions) != 1 {
		return nil, fmt.Errorf("%s is undefined or has several values", policies.Entrypoint)
	}
	elements, ok := results[0].Expressions[0].Value.([]any)
	if !ok {
		return nil, fmt.Errorf("%s is not a set", policies.Entrypoint)
	}
	var findings []finding
	for _, element := range elements {
		var f finding
		if err := convert(element, &f); err != nil {
			return nil, fmt.Errorf("reading a finding: %w", err)
		}
		if f.Violation.Field == nil || f.Violation.Msg == nil || *f.Violation.Msg == "" {
			return nil, fmt.Errorf("reading a finding of rule %s: it needs field and msg", f.Rule)
		}
		findings = append(findings, f)
	}
	return findings, nil
}

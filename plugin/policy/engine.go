package policy

import (
	"context"
	"fmt"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/open-policy-agent/opa/v1/storage"

	"github.com/bulwark-authz/bulwark/plugin/input"
	"github.com/bulwark-authz/bulwark/policies"
)

// Engine decides with one set of rules and settings. It never changes and may
// be used by many requests at once.
type Engine struct {
	bundle   *policies.Bundle
	settings Settings
	rules    []Rule
	byName   map[string]policies.Rule
	authz    *authz    // nil without one
	rulewise *rulewise // nil when the rules cannot be asked one by one

	compiler *ast.Compiler
	store    storage.Store
	query    rego.PreparedEvalQuery
	now      func() time.Time
}

// New compiles the built-in rules under the given settings. It fails on
// settings that are wrong in any way; the error says what is.
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
	chain, err := settings.chain(bundle)
	if err != nil {
		return nil, err
	}
	rules := settings.catalogue(bundle, chain)
	e, err := prepare(bundle, settings.data(bundle, rules))
	if err != nil {
		return nil, err
	}
	e.bundle, e.settings, e.rules = bundle, settings, rules
	if e.authz, err = newAuthz(bundle); err != nil {
		return nil, err
	}
	e.rulewise = e.newRulewise()
	return e, nil
}

// With is an engine with the same rules under other settings. It takes a small
// part of the time that Load does.
func (e *Engine) With(settings Settings) (*Engine, error) {
	if err := settings.validate(e.bundle); err != nil {
		return nil, err
	}
	chain, err := settings.chain(e.bundle)
	if err != nil {
		return nil, err
	}
	other := *e
	other.settings, other.rules = settings, settings.catalogue(e.bundle, chain)
	if err := other.prepareWith(settings.data(e.bundle, other.rules)); err != nil {
		return nil, err
	}
	other.rulewise = other.newRulewise()
	return &other, nil
}

// prepare does once what would cost milliseconds for each request.
func prepare(bundle *policies.Bundle, data map[string]any) (*Engine, error) {
	compiler, err := bundle.Compile()
	if err != nil {
		return nil, err
	}
	e := &Engine{byName: map[string]policies.Rule{}, compiler: compiler, now: time.Now}
	for _, rule := range bundle.Rules {
		e.byName[rule.Name] = rule
	}
	return e, e.prepareWith(data)
}

func (e *Engine) prepareWith(data map[string]any) (err error) {
	e.store = newStore(data)
	if e.query, err = e.rego(policies.Entrypoint).PrepareForEval(context.Background()); err != nil {
		return fmt.Errorf("preparing rules: %w", err)
	}
	return nil
}

func (e *Engine) rego(query string, options ...func(*rego.Rego)) *rego.Rego {
	return rego.New(append(options,
		rego.Query(query),
		rego.Compiler(e.compiler),
		rego.Store(e.store),
		// Without this a built-in function that fails makes its rule
		// undefined, and what the rule would have denied passes.
		rego.StrictBuiltinErrors(true),
	)...)
}

// Rules are all rules as they are set, sorted by name.
func (e *Engine) Rules() []Rule { return e.rules }

// Settings are those that the engine was made with.
func (e *Engine) Settings() Settings { return e.settings }

// Decide judges one request. On an error nothing is known about the request
// and the caller must refuse it.
func (e *Engine) Decide(ctx context.Context, doc input.Document) (Decision, error) {
	if err := ctx.Err(); err != nil {
		return Decision{}, fmt.Errorf("evaluating rules: %w", err)
	}
	findings, err := e.rulewise.decide(ctx, doc, e.evaluate)
	if err != nil {
		return Decision{}, fmt.Errorf("evaluating rules: %w", err)
	}
	decision := e.decide(findings)
	if e.authz != nil && (decision.Allow || ctx.Err() == nil) { // what is denied stays denied
		err = e.askAuthz(ctx, doc, &decision)
	}
	return decision, err
}

// askAuthz adds what a policy written for opa-docker-authz has to say.
func (e *Engine) askAuthz(ctx context.Context, doc input.Document, d *Decision) error {
	rule, _ := e.Authz()
	if rule.Enforcement == Off {
		return nil
	}
	reason, err := e.authz.denies(ctx, doc)
	if err != nil {
		return fmt.Errorf("evaluating the package docker.authz: %w", err)
	}
	if reason != "" {
		d.add(Violation{Rule: AuthzRule, Msg: reason, Severity: rule.Severity, Title: rule.Title}, rule.Enforcement)
	}
	return nil
}

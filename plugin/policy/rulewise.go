package policy

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/metrics"
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/open-policy-agent/opa/v1/storage"
	"github.com/open-policy-agent/opa/v1/topdown"
	"golang.org/x/sync/errgroup"

	"github.com/bulwark-authz/bulwark/plugin/input"
	"github.com/bulwark-authz/bulwark/policies"
)

// rulewise gives the findings of the entrypoint, and asks only those rules for
// them that may have any.
type rulewise struct {
	compiler *ast.Compiler
	store    storage.Store
	memo     *memo
	rules    map[string]*askedRule
	claims   rego.PreparedEvalQuery
	asked    sync.Map // operation -> *asked
}

// askedRule is a rule as it is asked.
type askedRule struct {
	name string
	// reads are what its findings depend on, and spots where that is.
	reads reads
	spots []int
	// needs are the paths that query reads.
	needs [][]string
	// query binds deny to its findings and, when it is excepted, which is when
	// there are exceptions for it, except to those that cover the request.
	query        ast.Body
	deny, except ast.Var
	excepted     bool
}

// asked are the rules in force that claim an operation, and how they are
// enforced.
type asked struct {
	rules       []*askedRule
	enforcement map[string]string
	spots       []int
}

// claimsQuery is what depends on the operation alone.
const claimsQuery = `count(data.decision.claiming) > 0
	claiming = data.decision.claiming | data.decision.site_claiming
	enforcement = {rule: enforcement | some rule in claiming; enforcement = data.decision.enforcement(rule); enforcement != "off"}`

var (
	claimsRefs = []ast.Ref{ast.MustParseRef("data.decision.claiming"), ast.MustParseRef("data.decision.site_claiming"),
		ast.MustParseRef("data.decision.enforcement")}
	exceptionsRef = ast.MustParseRef("data.decision.exceptions")
)

// newRulewise prepares all rules of an engine. It is nil for rules that cannot
// be asked by themselves: then all of them are always asked.
func (e *Engine) newRulewise() *rulewise {
	w, err := e.prepareRulewise()
	if err != nil {
		return nil
	}
	return w
}

func (e *Engine) prepareRulewise() (*rulewise, error) {
	if claims := readsOf(e.compiler, claimsRefs...); !claims.pure || claims.String() != "input.operation" {
		return nil, fmt.Errorf("which rules are asked depends on %s, not on the operation alone", &claims)
	}
	w := &rulewise{compiler: e.compiler, store: e.store, memo: newMemo(), rules: map[string]*askedRule{}}
	var err error
	if w.claims, err = e.rego(claimsQuery).PrepareForEval(context.Background()); err != nil {
		return nil, fmt.Errorf("preparing the choice of rules: %w", err)
	}
	asked := make([]*askedRule, len(e.rules))
	var preparing errgroup.Group
	for i, rule := range e.rules {
		preparing.Go(func() (err error) {
			defer func() {
				if cause := recover(); cause != nil {
					err = fmt.Errorf("preparing rule %s: panic: %v", rule.Name, cause)
				}
			}()
			excepted := slices.ContainsFunc(e.settings.Exceptions, func(x Exception) bool { return slices.Contains(x.Rules, rule.Name) })
			if asked[i], err = newAskedRule(e.compiler, rule, strconv.Itoa(i), excepted); err != nil {
				return fmt.Errorf("preparing rule %s: %w", rule.Name, err)
			}
			return nil
		})
	}
	if err := preparing.Wait(); err != nil {
		return nil, err
	}
	for _, rule := range asked {
		w.rules[rule.name] = rule
	}
	w.memo.place(w.rules)
	return w, nil
}

func newAskedRule(compiler *ast.Compiler, rule Rule, suffix string, excepted bool) (*askedRule, error) {
	deny := ast.Ref{ast.DefaultRootDocument}
	for _, name := range append(rule.Package(), "deny") {
		deny = append(deny, ast.StringTerm(name))
	}
	asked := &askedRule{name: rule.Name, reads: readsOf(compiler, deny), deny: ast.Var("deny" + suffix), except: ast.Var("except" + suffix), excepted: excepted}
	asked.needs = asked.reads.paths
	asked.query = ast.NewBody(ast.Equality.Expr(ast.NewTerm(asked.deny), ast.NewTerm(deny)))
	if !excepted {
		return asked, nil
	}
	asked.needs = tidied(append(slices.Clone(asked.needs), readsOf(compiler, exceptionsRef).paths...))
	// In a comprehension, since queries that are asked together must not share
	// the variables that the compiler makes.
	text := fmt.Sprintf("%s = {name | some name in data.decision.exceptions(%q)}", asked.except, rule.Name)
	except, err := ast.ParseBodyWithOpts(text, policies.ParserOptions())
	if err != nil {
		return nil, err
	}
	if except, err = compiler.QueryCompiler().Compile(except); err != nil {
		return nil, err
	}
	for _, expr := range except {
		asked.query.Append(expr)
	}
	return asked, nil
}

// DependsOnRequest reports whether decisions about an operation depend on the
// document alone: not on the time, nor on a policy for opa-docker-authz.
func (e *Engine) DependsOnRequest(operation string) bool {
	if e.rulewise == nil || e.authz != nil {
		return false
	}
	asked, err := e.rulewise.askedAbout(context.Background(), operation)
	return err == nil && !slices.ContainsFunc(asked.rules, func(r *askedRule) bool { return !r.reads.pure })
}

// decide gives the findings about a document, from the rules that may have any.
// When one of those fails, or rules cannot be asked by themselves, it asks all,
// and says why.
func (w *rulewise) decide(ctx context.Context, doc input.Document, all func(context.Context, ast.Value, error) ([]finding, error)) ([]finding, error) {
	var cause error
	if w != nil {
		var findings []finding
		if findings, cause = w.findings(ctx, &doc); cause == nil || ctx.Err() != nil {
			return findings, cause
		}
	}
	value, err := toValue(doc)
	if err != nil {
		return nil, fmt.Errorf("converting the request to decide on: %w", err)
	}
	return all(ctx, value, cause)
}

// findings are those of all rules that claim a document's operation.
func (w *rulewise) findings(ctx context.Context, doc *input.Document) ([]finding, error) {
	asked, err := w.askedAbout(ctx, doc.Operation)
	if err != nil {
		return nil, err
	}
	keys := w.memo.keysOf(doc, asked.spots)
	defer w.memo.done(keys)
	all, open := w.memo.recall(asked.rules, keys)
	if len(open) > 0 {
		results, err := w.ask(ctx, open, doc)
		if err != nil {
			return nil, err
		}
		for _, rule := range open {
			found, err := rule.findingsIn(results)
			if err != nil {
				return nil, fmt.Errorf("reading a finding of rule %s: %w", rule.name, err)
			}
			w.memo.remember(rule, found, keys)
			all = append(all, found...)
		}
	}
	for i := range all {
		all[i].Enforcement = asked.enforcement[all[i].Rule]
	}
	return all, nil
}

// ask evaluates several rules at once.
func (w *rulewise) ask(ctx context.Context, rules []*askedRule, doc *input.Document) (topdown.QueryResult, error) {
	var body ast.Body
	var needs [][]string
	for _, rule := range rules {
		needs = append(needs, rule.needs...)
		for _, expr := range rule.query {
			numbered := *expr // Append sets its number, and the query is shared
			body.Append(&numbered)
		}
	}
	value, err := partOf(*doc, tidied(needs))
	if err != nil {
		return nil, fmt.Errorf("converting the request to decide on: %w", err)
	}
	txn, err := w.store.NewTransaction(ctx)
	if err != nil {
		return nil, err
	}
	defer w.store.Abort(ctx, txn)
	stop := &deadline{ctx: ctx, until: time.Now().Add(evalTime)}
	results, err := topdown.NewQuery(body).
		WithCompiler(w.compiler).WithStore(w.store).WithTransaction(txn).WithInput(ast.NewTerm(value)).
		WithMetrics(metrics.NoOp()).WithStrictBuiltinErrors(true).WithCancel(stop).Run(ctx)
	switch {
	case err != nil:
		return nil, stop.reason(err)
	case len(results) != 1:
		return nil, errUndefined
	}
	return results[0], nil
}

// askedAbout is asked of the rules once for each operation.
func (w *rulewise) askedAbout(ctx context.Context, operation string) (*asked, error) {
	if known, ok := w.asked.Load(operation); ok {
		return known.(*asked), nil
	}
	results, err := w.claims.Eval(ctx, rego.EvalInput(map[string]any{"operation": operation}))
	if err != nil {
		return nil, err
	}
	if len(results) != 1 {
		return nil, errUndefined
	}
	enforcement, _ := results[0].Bindings["enforcement"].(map[string]any)
	a := &asked{enforcement: map[string]string{}}
	for name, how := range enforcement {
		rule, text := w.rules[name], ""
		if text, _ = how.(string); rule == nil || text == "" {
			return nil, errUndefined
		}
		a.rules, a.enforcement[name] = append(a.rules, rule), text
		a.spots = append(a.spots, rule.spots...)
	}
	slices.Sort(a.spots)
	a.spots = slices.Compact(a.spots)
	w.asked.Store(operation, a)
	return a, nil
}

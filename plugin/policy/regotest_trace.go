package policy

import (
	"path"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/topdown"

	"github.com/bulwark-authz/bulwark/policies"
)

// testTracer follows tests, one after the other, and keeps what each failed at.
type testTracer struct {
	*policies.TestTracer
	frames map[uint64]*testFrame
	unmet  map[string][]Condition // by data.PACKAGE.NAME
}

// testFrame is one query that a test evaluates.
type testFrame struct {
	parent *testFrame
	test   string // of the body of a test, "" elsewhere
	// failed are the conditions that the one being evaluated failed at so far;
	// sides are those of the equation that it is.
	failed []Condition
	sides  []ast.Value
}

func newTestTracer() *testTracer {
	return &testTracer{TestTracer: policies.NewTestTracer(), frames: map[uint64]*testFrame{}, unmet: map[string][]Condition{}}
}

// Config has OPA say what variables are called and hold.
func (*testTracer) Config() topdown.TraceConfig { return topdown.TraceConfig{PlugLocalVars: true} }

// TraceEvent follows one step of a test.
func (t *testTracer) TraceEvent(event topdown.Event) {
	t.TestTracer.TraceEvent(event)
	if event.Op == topdown.EnterOp {
		t.enter(event)
		return
	}
	f := t.frames[event.QueryID]
	if f == nil {
		return
	}
	expr, _ := event.Node.(*ast.Expr)
	switch event.Op {
	case topdown.EvalOp:
		f.failed, f.sides = nil, nil
	case topdown.UnifyOp:
		f.unify(expr, event)
	case topdown.FailOp:
		if expr != nil && isTest(event.Location) {
			t.fail(f, expr, event)
		}
	}
}

func isTest(at *ast.Location) bool {
	return at != nil && strings.HasSuffix(path.Base(at.File), "_test.rego")
}

func (t *testTracer) enter(event topdown.Event) {
	f := &testFrame{parent: t.frames[event.ParentID]}
	if rule, ok := event.Node.(*ast.Rule); ok && strings.HasPrefix(string(rule.Head.Name), "test_") {
		f.test = rule.Module.Package.Path.String() + "." + string(rule.Head.Name)
		t.frames = map[uint64]*testFrame{} // of the test before
	}
	t.frames[event.QueryID] = f
}

// unify keeps the values of the first equation: what follows are its parts.
func (f *testFrame) unify(expr *ast.Expr, event topdown.Event) {
	if f.sides != nil || expr == nil {
		return
	}
	var sides []ast.Value
	for _, operand := range expr.Operands() {
		term := event.Plug(operand)
		if _, isRef := term.Value.(ast.Ref); isRef || !term.IsGround() {
			return
		}
		sides = append(sides, term.Value)
	}
	f.sides = sides
}

func (t *testTracer) fail(f *testFrame, expr *ast.Expr, event topdown.Event) {
	base := expr.BaseCogeneratedExpr()
	at := base.Location
	if at == nil {
		at = event.Location
	}
	failed := Condition{Line: at.Row, Text: firstText(at, base.String()), Values: f.values(expr, event)}
	var conditions []Condition
	if !negated(base) {
		conditions = f.failed
	}
	if len(conditions) == 0 || conditions[0].Text != failed.Text { // `every` fails twice
		conditions = append([]Condition{failed}, conditions...)
	}
	if f.test != "" {
		t.unmet[f.test] = conditions
	}
	if f.parent != nil {
		f.parent.failed = conditions
	}
}

// values are the two sides of an equation, or what the variables of another
// condition hold.
func (f *testFrame) values(expr *ast.Expr, event topdown.Event) []Value {
	if expr.IsEquality() && len(f.sides) == 2 {
		return []Value{{"left", f.sides[0].String()}, {"right", f.sides[1].String()}}
	}
	var values []Value
	for _, e := range append(expr.CogeneratedExprs(), expr) {
		ast.WalkTerms(e, func(term *ast.Term) bool {
			name, isVar := term.Value.(ast.Var)
			held := event.Locals.Get(term.Value)
			if !isVar || held == nil {
				return false
			}
			value := Value{firstText(term.Location, string(event.LocalMetadata[name].Name)), held.String()}
			if !slices.Contains(values, value) && value.Text != value.Value {
				values = append(values, value)
			}
			return false
		})
	}
	return values
}

package policy

import (
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/topdown"
)

// tracer follows the evaluation of one rule: what it read of the input and of
// the data, and where each of its ways to deny stopped.
type tracer struct {
	pkg     string // that of the rule, as OPA writes it
	origins *origins
	frames  map[uint64]*frame
	reads   []place
	ways    []*way
}

// frame is one query that is evaluated: the body of a rule, or of what is
// evaluated by itself in one, such as a comprehension.
type frame struct {
	parent *frame
	way    *way          // for the body of a way to deny
	rule   *ast.Rule     // nil for what is no rule's body
	expr   *ast.Expr     // that is being evaluated
	mark   int           // of reads, when its evaluation began
	beyond *ast.Location // what a rule that it asked came to: the last that held
	failed *ast.Location // or the last that failed
}

// way is one `deny contains` of the rule.
type way struct {
	rule   *ast.Rule
	denied bool
	// expr is the condition at which the attempt ended that came furthest;
	// because is what the rule that it asks came to.
	expr    *ast.Expr
	because *ast.Location
	reads   []place
}

func newTracer(pkg string, input ast.Value, value func(ast.Ref) ast.Value) *tracer {
	return &tracer{pkg: pkg, origins: newOrigins(input, value), frames: map[uint64]*frame{}}
}

// Enabled makes OPA send events.
func (*tracer) Enabled() bool { return true }

// Config leaves variables as they are: each is looked up when it is needed.
func (*tracer) Config() topdown.TraceConfig { return topdown.TraceConfig{} }

// TraceEvent follows one step of the evaluation.
func (t *tracer) TraceEvent(event topdown.Event) {
	f := t.frames[event.QueryID]
	if event.Op == topdown.EnterOp {
		t.enter(event)
		return
	}
	if f == nil {
		return
	}
	expr, _ := event.Node.(*ast.Expr)
	switch event.Op {
	case topdown.EvalOp:
		t.settle(f, event)
		f.expr, f.mark, f.beyond, f.failed = expr, len(t.reads), nil, nil
	case topdown.RedoOp:
		if expr != nil {
			f.expr = expr
		}
	case topdown.FailOp:
		t.fail(f, expr, event)
	case topdown.ExitOp:
		t.settle(f, event)
		t.exit(f, event)
	}
}

func (t *tracer) enter(event topdown.Event) {
	f := &frame{parent: t.frames[event.ParentID]}
	t.frames[event.QueryID] = f
	f.rule, _ = event.Node.(*ast.Rule)
	if f.rule == nil {
		return
	}
	if f.parent != nil && f.parent.expr != nil {
		t.origins.pass(f.rule.Head.Args, operands(f.parent.expr))
	}
	if f.rule.Head.Name == "deny" && f.rule.Module.Package.Path.String() == t.pkg {
		f.way = t.way(f.rule)
	}
}

func (t *tracer) way(rule *ast.Rule) *way {
	for _, w := range t.ways {
		if w.rule == rule {
			return w
		}
	}
	w := &way{rule: rule}
	t.ways = append(t.ways, w)
	return w
}

// settle notes what the expression read that has just been found true: now its
// variables are known.
func (t *tracer) settle(f *frame, event topdown.Event) {
	if f.expr == nil {
		return
	}
	t.origins.bind(f.expr, event.Plug)
	t.reads = append(t.reads, t.origins.read(f.expr, event.Plug)...)
}

func (t *tracer) fail(f *frame, expr *ast.Expr, event topdown.Event) {
	if expr == nil {
		return
	}
	t.reads = append(t.reads, t.origins.read(expr, event.Plug)...)
	for above := f.parent; above != nil; above = above.parent {
		above.failed = expr.Location
	}
	w := f.way
	if w == nil || w.expr != nil && w.expr.Index > expr.Index {
		return
	}
	w.expr, w.reads, w.because = expr, t.reads[f.mark:len(t.reads):len(t.reads)], f.failed
	if negated(expr) {
		w.because = f.beyond
	}
}

func (t *tracer) exit(f *frame, event topdown.Event) {
	if f.way != nil {
		f.way.denied = true
	}
	if f.rule == nil {
		return
	}
	t.origins.name(f.rule, event.Plug)
	for above := f.parent; above != nil; above = above.parent {
		above.beyond = f.rule.Location
		if above.rule != nil {
			break
		}
	}
}

func negated(expr *ast.Expr) bool {
	_, not := expr.Terms.(*ast.Not)
	return not || expr.Negated
}

// operands are what a call hands to its function.
func operands(expr *ast.Expr) []*ast.Term {
	if !expr.IsCall() {
		return nil
	}
	return expr.Operands()
}

// sourceLine is the first line of what stands at a place, of a rule its head.
func sourceLine(at *ast.Location) string {
	line, _, _ := strings.Cut(string(at.Text), "\n")
	return strings.TrimSpace(strings.TrimSuffix(line, " if {"))
}

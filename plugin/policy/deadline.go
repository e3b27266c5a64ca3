package policy

import (
	"context"
	"fmt"
	"time"

	"github.com/open-policy-agent/opa/v1/rego"
)

// evalTime is how long rules may take: all of them at once, and then, when that
// was not enough, each by itself. They take about a millisecond.
const evalTime = time.Second

// errTooLong is that of rules that took longer.
var errTooLong = fmt.Errorf("it took too long, more than %v", evalTime)

// inTime evaluates for as long as rules may take.
func inTime(ctx context.Context, evaluate func(context.Context) (rego.ResultSet, error)) (rego.ResultSet, error) {
	short, cancel := context.WithTimeout(ctx, evalTime)
	defer cancel()
	results, err := evaluate(short)
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil && short.Err() != nil:
		return nil, errTooLong
	}
	return results, err
}

// InterruptedError is that the time for a decision ended while a rule was asked.
type InterruptedError struct {
	Rule  string
	cause error
}

func (e *InterruptedError) Error() string {
	return fmt.Sprintf("asking the rule %s: %v", e.Rule, e.cause)
}
func (e *InterruptedError) Unwrap() error { return e.cause }

// deadline stops an evaluation when a context ends or rules had their time. It looks at
// the clock only once in a while, and needs no goroutine.
type deadline struct {
	ctx   context.Context
	until time.Time
	calls uint
	over  bool
}

// Cancel is of topdown.Cancel.
func (p *deadline) Cancel() { p.over = true }

// Cancelled is of topdown.Cancel; one evaluation alone calls it.
func (p *deadline) Cancelled() bool {
	const often = 64
	if p.calls++; !p.over && p.calls%often == 0 {
		p.over = p.ctx.Err() != nil || time.Now().After(p.until)
	}
	return p.over
}

// reason is why an evaluation was stopped, err for one that was not.
func (p *deadline) reason(err error) error {
	if p.over && p.ctx.Err() == nil {
		return errTooLong
	}
	return err
}

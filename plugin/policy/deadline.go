package policy

import "context"

// deadline stops an evaluation when a context ends. It looks at the clock only
// once in a while, and needs no goroutine.
type deadline struct {
	ctx   context.Context
	calls uint
	over  bool
}

// Cancel is of topdown.Cancel.
func (p *deadline) Cancel() { p.over = true }

// Cancelled is of topdown.Cancel; one evaluation alone calls it.
func (p *deadline) Cancelled() bool {
	const often = 64
	if p.calls++; !p.over && p.calls%often == 0 {
		p.over = p.ctx.Err() != nil
	}
	return p.over
}

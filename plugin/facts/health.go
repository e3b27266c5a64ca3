package facts

import (
	"context"
	"errors"
	"sync/atomic"
)

// Lookups counts what the engine was asked, by what came of it.
type Lookups struct {
	// Found are objects that the engine has, Missing those that it has not.
	Found   uint64 `json:"found"`
	Missing uint64 `json:"missing"`
	// Failed got no answer that says which.
	Failed uint64 `json:"failed"`
}

// lookups is Lookups while it is being counted.
type lookups struct{ found, missing, failed atomic.Uint64 }

func (l *lookups) count(err error) {
	switch {
	case err == nil:
		l.found.Add(1)
	case errors.Is(err, errNotFound), errors.Is(err, errNotTaken):
		l.missing.Add(1)
	default:
		l.failed.Add(1)
	}
}

// Lookups says how look-ups went since the start.
func (g *Gatherer) Lookups() Lookups {
	if g == nil || g.engine == nil {
		return Lookups{}
	}
	l := &g.engine.lookups
	return Lookups{Found: l.found.Load(), Missing: l.missing.Load(), Failed: l.failed.Load()}
}

// Asks reports whether there is an engine to look things up in.
func (g *Gatherer) Asks() bool { return g != nil && g.engine != nil }

// Ping asks the engine whether it is there, as a look-up does: through the
// engine's authorization plugins, this one among them.
func (g *Gatherer) Ping(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, lookupTimeout)
	defer cancel()
	_, err := g.engine.get(ctx, "/_ping")
	return err
}

package plugin

import (
	"reflect"
	"sync"

	"github.com/docker/go-plugins-helpers/authorization"

	"github.com/bulwark-authz/bulwark/plugin/input"
	"github.com/bulwark-authz/bulwark/plugin/policy"
)

const (
	// maxSettled bounds how many requests are remembered, maxSettledBytes how
	// long each is.
	maxSettled      = 256
	maxSettledBytes = 2 << 10
)

// settled remembers requests that only read, that no rule objected to, and for
// which nothing was looked up, byte for byte as the engine sent them. They are
// allowed again at once: whatever watches an engine asks the same over and over.
// It belongs to one policy: docs/decisions/rules-look-once.md.
type settled struct {
	engine *policy.Engine

	mu       sync.RWMutex
	verdicts map[string]*verdict
}

func newSettled(engine *policy.Engine) *settled {
	return &settled{engine: engine, verdicts: map[string]*verdict{}}
}

// find returns the verdict on a request, nil when it is not settled. It may be
// read only.
func (s *settled) find(envelope []byte) *verdict {
	if s == nil || len(envelope) > maxSettledBytes {
		return nil
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.verdicts[string(envelope)]
}

// keep remembers a verdict if nothing but the request can change it.
func (s *settled) keep(envelope []byte, req authorization.Request, v *verdict) {
	if s == nil || v == nil || len(envelope) > maxSettledBytes || len(req.RequestBody) > 0 {
		return
	}
	plain := v.err == nil && v.decision.Allow && len(v.decision.Violations)+len(v.decision.Dryrun)+len(v.decision.Excepted) == 0
	if !plain || !alone(v.doc) || !s.engine.DependsOnRequest(v.doc.Operation) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for old := range s.verdicts {
		if len(s.verdicts) < maxSettled {
			break
		}
		delete(s.verdicts, old) // any one
	}
	s.verdicts[string(envelope)] = v
}

// alone reports whether a document says what the request says and no more: it
// only reads, and there is no fact in it.
func alone(doc input.Document) bool {
	if doc.Kind != input.KindRead || doc.Container != nil {
		return false
	}
	facts := reflect.ValueOf(doc.Facts)
	for i := range facts.NumField() {
		if f := facts.Field(i); f.Kind() == reflect.Map && f.Len() > 0 || f.Kind() != reflect.Map && !f.IsZero() {
			return false
		}
	}
	return true
}

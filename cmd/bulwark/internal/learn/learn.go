// Package learn looks for the smallest settings under which what was recorded
// passes.
//
// It knows nothing of single rules. What could be added to a rule's params is
// made of the request's own values, as far as the params' schema takes them;
// whether it helps is found out by deciding again.
package learn

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/bulwark-authz/bulwark/cmd/bulwark/internal/decisions"
	"github.com/bulwark-authz/bulwark/plugin/input"
	"github.com/bulwark-authz/bulwark/plugin/policy"
)

// Proposal are settings, and what they let pass.
type Proposal struct {
	base base
	// Openings are what was added, in the order of the settings.
	Openings []Opening
	// Replayed are the decisions that were made again, Denied those of them
	// that the present settings would deny if they only enforced, and Passing
	// those that the proposal allows.
	Replayed, Denied, Passing int
	// Unseen are the denials whose requests are not in the log.
	Unseen int
	// Stuck are the requests that no settings let pass.
	Stuck []Stuck
	// Enforces says that the present settings only log some findings, and the
	// proposal does not.
	Enforces bool
}

// Stuck is a request that does not pass, and why.
type Stuck struct {
	Because
	Reason string
}

// request is one request, however often it was recorded.
type request struct {
	doc     input.Document
	because Because
	// found is what denies it before anything is opened.
	found []policy.Violation
	sign  string
	stuck string
}

// Run proposes settings for what was recorded, starting from the present ones.
// Exceptions in them end some time after now.
func Run(ctx context.Context, present *policy.Engine, entries iter.Seq2[decisions.Entry, error], now time.Time) (Proposal, error) {
	settings := enforced(present.Settings())
	engine, err := present.With(settings)
	if err != nil {
		return Proposal{}, fmt.Errorf("enforcing the present settings: %w", err)
	}
	s := &search{ctx: ctx, engine: engine, base: newBase(settings, engine.Rules(), now)}
	p := Proposal{base: s.base, Enforces: isLogging(present)}
	requests, err := p.read(ctx, engine, entries)
	if err != nil {
		return p, err
	}
	if err := s.openAll(requests); err != nil {
		return p, err
	}
	return p, p.conclude(s, requests)
}

func isLogging(engine *policy.Engine) bool {
	return slices.ContainsFunc(engine.Rules(), func(rule policy.Rule) bool { return rule.Enforcement == policy.Dryrun })
}

// read gathers every different request of a log.
func (p *Proposal) read(ctx context.Context, engine *policy.Engine, entries iter.Seq2[decisions.Entry, error]) ([]*request, error) {
	seen := map[string]*request{}
	var requests []*request
	for entry, err := range entries {
		if err != nil {
			return nil, err
		}
		if !entry.Recorded() {
			if len(entry.Violations)+len(entry.Dryrun) > 0 {
				p.Unseen++
			}
			continue
		}
		r := seen[string(entry.Input)]
		if r == nil {
			if r, err = newRequest(ctx, engine, entry); err != nil {
				return nil, err
			}
			seen[string(entry.Input)] = r
			requests = append(requests, r)
		}
		r.because.Decisions++
		p.Replayed++
		if r.denied() {
			p.Denied++
		}
	}
	return requests, nil
}

func newRequest(ctx context.Context, engine *policy.Engine, entry decisions.Entry) (*request, error) {
	doc, err := entry.Document()
	if err != nil {
		return nil, err
	}
	r := &request{doc: doc, because: Because{Users: []string{entry.User}, Example: entry.DecisionID}}
	decision, err := engine.Decide(ctx, doc)
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil:
		r.stuck, r.because.Message = "no decision can be made", err.Error()
		return r, nil
	}
	r.found = decision.Violations
	if r.denied() {
		r.because.Message = message(r.found[0])
	}
	r.sign, err = signature(doc, r.found)
	return r, err
}

func (r *request) denied() bool { return len(r.found) > 0 || r.stuck != "" }

var errUnstable = errors.New("proposing settings: what lets one request pass denies another, again and again")

// mostRounds is how often requests are looked at that other requests' openings
// have closed out.
const mostRounds = 8

// openAll finds openings for all requests, one of each kind at first.
func (s *search) openAll(requests []*request) error {
	todo := kinds(requests)
	for range mostRounds {
		for _, r := range todo {
			var err error
			if r.stuck, err = s.open(r.doc); err != nil {
				return err
			}
		}
		spread(requests)
		if err := s.reduce(kinds(requests)); err != nil {
			return err
		}
		closed, err := s.closed(s.found, requests)
		if err != nil || len(closed) == 0 {
			return err
		}
		todo = closed
	}
	return errUnstable
}

// kinds are the requests that are denied, one of each kind.
func kinds(requests []*request) []*request {
	seen := map[string]bool{}
	var first []*request
	for _, r := range requests {
		if len(r.found) > 0 && !seen[r.sign] {
			seen[r.sign] = true
			first = append(first, r)
		}
	}
	return first
}

// spread says of all requests of a kind that they are stuck when one is.
func spread(requests []*request) {
	stuck := map[string]string{}
	for _, r := range requests {
		if r.stuck != "" && len(r.found) > 0 {
			stuck[r.sign] = r.stuck
		}
	}
	for _, r := range requests {
		if r.stuck == "" && len(r.found) > 0 {
			r.stuck = stuck[r.sign]
		}
	}
}

// denied are the requests that do not pass before anything is opened.
func denied(requests []*request) []*request {
	return slices.DeleteFunc(slices.Clone(requests), func(r *request) bool { return !r.denied() })
}

// closed are the requests that could pass and do not with openings.
func (s *search) closed(openings []Opening, requests []*request) ([]*request, error) {
	engine, err := s.engine.With(s.base.with(openings))
	if err != nil {
		return nil, fmt.Errorf("trying the proposed settings: %w", err)
	}
	var closed []*request
	for _, r := range requests {
		if r.stuck != "" {
			continue
		}
		if decision, err := engine.Decide(s.ctx, r.doc); err != nil || !decision.Allow {
			closed = append(closed, r)
		}
	}
	return closed, s.ctx.Err()
}

package learn

import (
	"cmp"
	"slices"

	"github.com/bulwark-authz/bulwark/plugin/policy"
)

// reduce leaves out what is not needed after all: the widest is tried first.
func (s *search) reduce(requests []*request) error {
	order := slices.Clone(s.found)
	slices.SortStableFunc(order, func(a, b Opening) int { return b.width() - a.width() })
	for i := 0; i < len(order); {
		less := slices.Delete(slices.Clone(order), i, i+1)
		closed, err := s.closed(less, requests)
		if err != nil {
			return err
		}
		if len(closed) > 0 {
			i++
			continue
		}
		order = less
	}
	slices.SortStableFunc(order, func(a, b Opening) int {
		return cmp.Or(a.width()-b.width(), cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Param, b.Param))
	})
	s.found = order
	return nil
}

// conclude says why each opening is there, and what does not pass.
func (p *Proposal) conclude(s *search, requests []*request) error {
	for i, o := range s.found {
		because, err := s.because(slices.Delete(slices.Clone(s.found), i, i+1), denied(requests))
		if err != nil {
			return err
		}
		o.Because = because
		p.Openings = append(p.Openings, o)
	}
	closed, err := s.closed(s.found, requests)
	if err != nil {
		return err
	}
	for _, r := range requests {
		if r.stuck == "" && !slices.Contains(closed, r) {
			p.Passing += r.because.Decisions
		}
		if r.stuck != "" {
			p.addStuck(r)
		}
	}
	return nil
}

func (p *Proposal) addStuck(r *request) {
	i := slices.IndexFunc(p.Stuck, func(s Stuck) bool { return s.Reason == r.stuck && s.Message == r.because.Message })
	if i < 0 {
		p.Stuck = append(p.Stuck, Stuck{Reason: r.stuck})
		i = len(p.Stuck) - 1
	}
	p.Stuck[i].add(r.because)
}

// because are the decisions that would be denied with openings that lack one.
func (s *search) because(lacking []Opening, requests []*request) (Because, error) {
	var b Because
	closed, err := s.closed(lacking, requests)
	if err != nil || len(closed) == 0 {
		return b, err
	}
	for _, r := range closed {
		b.add(r.because)
	}
	decision, err := s.decide(closed[0].doc, lacking)
	if len(decision.Violations) > 0 {
		b.Message = message(decision.Violations[0])
	}
	return b, err
}

// add counts more decisions that need the same.
func (b *Because) add(more Because) {
	if b.Decisions == 0 {
		b.Example, b.Message = more.Example, more.Message
	}
	b.Decisions += more.Decisions
	b.Users = slices.Compact(slices.Sorted(slices.Values(slices.Concat(b.Users, more.Users))))
}

func message(v policy.Violation) string { return v.Rule + ": " + v.Msg }

package learn

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/bulwark-authz/bulwark/cmd/bulwark/internal/decisions"
	"github.com/bulwark-authz/bulwark/plugin/input"
	"github.com/bulwark-authz/bulwark/plugin/policy"
)

// search looks for openings. It keeps those that it has found.
type search struct {
	ctx    context.Context
	engine *policy.Engine // before anything is opened
	base   base
	found  []Opening
}

// mostSteps bounds the openings that one request can ask for.
const mostSteps = 64

// open finds what lets a request pass, and says why there is nothing.
func (s *search) open(doc input.Document) (stuck string, err error) {
	if doc.User.Name != decisions.Printable(doc.User.Name) {
		return "the user's name has characters that do not print", nil
	}
	found := s.found
	for range mostSteps {
		v, reason, err := s.next(doc, found)
		if err != nil || reason != "" {
			return reason, err
		}
		if v == nil {
			s.found = found
			return "", nil
		}
		openings, err := s.openings(doc, *v, found)
		if err != nil {
			return "", err
		}
		if len(openings) == 0 {
			return v.Rule + ": nothing in the settings lets it pass", nil
		}
		found = slices.Concat(found, openings)
	}
	return "it needs too many openings", nil
}

// next is the first violation that is left, nil for none, or why the request
// can never pass.
func (s *search) next(doc input.Document, found []Opening) (*policy.Violation, string, error) {
	decision, err := s.decide(doc, found)
	if err != nil {
		return nil, "", err
	}
	for _, v := range decision.Violations {
		if s.base.rules[v.Rule].Locked {
			return nil, v.Rule + " is locked: no settings let it pass", nil
		}
	}
	if decision.Allow {
		return nil, "", nil
	}
	if len(decision.Violations) == 0 {
		return nil, "no decision can be made", nil
	}
	return &decision.Violations[0], "", nil
}

// decide is what the settings with openings would say. Settings that cannot be
// loaded, and what cannot be decided, deny.
func (s *search) decide(doc input.Document, openings []Opening) (policy.Decision, error) {
	engine, err := s.engine.With(s.base.with(openings))
	if err != nil {
		return policy.Decision{}, s.ctx.Err()
	}
	decision, err := engine.Decide(s.ctx, doc)
	if err != nil {
		return policy.Decision{}, s.ctx.Err()
	}
	return decision, nil
}

// openings are the narrowest that let one violation pass: params of its rule,
// of any rule, an exception, and at last that the rule denies nobody.
func (s *search) openings(doc input.Document, v policy.Violation, found []Opening) ([]Opening, error) {
	m, err := materialOf(doc, v)
	if err != nil {
		return nil, err
	}
	clears := func(more []Opening) (bool, error) { return s.clears(doc, v, slices.Concat(found, more)) }
	own := m.candidates(s.base.rules[v.Rule])
	var all []Opening
	for _, name := range slices.Sorted(maps.Keys(s.base.rules)) {
		all = append(all, adding(m.candidates(s.base.rules[name]))...)
	}
	match, err := matchOf(doc)
	if err != nil {
		return nil, err
	}
	tries := [][]Opening{adding(own)}
	for _, o := range setting(own) {
		tries = append(tries, []Opening{o})
	}
	tries = append(tries, all)
	if match != nil {
		tries = append(tries, []Opening{{Rule: v.Rule, Match: match}})
	}
	tries = append(tries, []Opening{{Rule: v.Rule}})
	for _, try := range tries {
		if len(try) == 0 {
			continue
		}
		if yes, err := clears(try); err != nil || !yes {
			if err != nil {
				return nil, err
			}
			continue
		}
		return minimal(try, clears)
	}
	return nil, nil
}

// adding are the openings that go together, setting those of which each
// replaces another.
func adding(openings []Opening) []Opening {
	return slices.DeleteFunc(slices.Clone(openings), func(o Opening) bool { return !o.adds() })
}

func setting(openings []Opening) []Opening {
	return slices.DeleteFunc(slices.Clone(openings), Opening.adds)
}

// clears reports whether a violation is gone. What it says may change: the
// message names what is allowed.
func (s *search) clears(doc input.Document, v policy.Violation, openings []Opening) (bool, error) {
	decision, err := s.decide(doc, openings)
	if err != nil || !decision.Allow && len(decision.Violations) == 0 {
		return false, err
	}
	return !slices.ContainsFunc(decision.Violations, func(left policy.Violation) bool {
		return left.Rule == v.Rule && left.Field == v.Field
	}), nil
}

// signature is equal for requests that settings cannot tell apart, as far as
// openings go.
func signature(doc input.Document, violations []policy.Violation) (string, error) {
	match, err := matchOf(doc)
	if err != nil {
		return "", err
	}
	parts := []string{fmt.Sprintf("%+v", match)}
	if match != nil {
		parts[0] = fmt.Sprintf("%q %q %q", match.Operations, match.Users, match.Images)
	}
	for _, v := range violations {
		parts = append(parts, fmt.Sprintf("%s %s %q", v.Rule, v.Field, v.Msg))
	}
	return strings.Join(parts, "\n"), nil
}

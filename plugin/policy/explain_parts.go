package policy

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/storage"

	"github.com/bulwark-authz/bulwark/policies"
)

// Source says who set something.
type Source struct {
	By By `json:"by"`
	// Name is the profile's, or the key in the settings: rules.root_user.enforcement.
	Name string `json:"name,omitempty"`
}

// By is who may set something.
type By string

const (
	ByRule      By = "rule" // the default
	ByProfile   By = "profile"
	BySettings  By = "settings"
	ByLock      By = "locked"
	ByStartGate By = "start_gate"
)

// source is who set the enforcement of a rule.
func (e *Engine) source(rule Rule) Source {
	set := e.settings.Rules[rule.Name].Enforcement
	layer := e.layer(rule.Name, func(o policies.Override) bool { return o.Enforcement != "" })
	switch {
	case rule.Locked:
		return Source{By: ByLock}
	case e.settings.Mode == Audit && Enforcement(set) != Off:
		return Source{By: BySettings, Name: "mode"}
	case layer.By == BySettings:
		layer.Name += ".enforcement"
	}
	return layer
}

// layer is the last of settings, profiles and the rule that sets something.
func (e *Engine) layer(rule string, sets func(policies.Override) bool) Source {
	if sets(e.settings.Rules[rule]) {
		return Source{By: BySettings, Name: "rules." + rule}
	}
	chain, err := e.settings.chain(e.bundle)
	if err != nil {
		return Source{By: ByRule}
	}
	for _, profile := range slices.Backward(chain) {
		if sets(e.bundle.Profiles[profile].Rules[rule]) {
			return Source{By: ByProfile, Name: profile}
		}
	}
	return Source{By: ByRule}
}

// ExceptionCheck says whether an exception covers the request.
type ExceptionCheck struct {
	Name   string `json:"name"`
	Covers bool   `json:"covers"`
	// Ended is the last day of one that is over.
	Ended string `json:"ended,omitempty"`
	// Unmet are the criteria that the request does not meet.
	Unmet []Unmet `json:"unmet,omitempty"`
}

// Unmet is a criterion that a request does not meet.
type Unmet struct {
	Criterion string `json:"criterion"`
	Wanted    any    `json:"wanted"`
	Found     any    `json:"found"`
}

func (x explainer) exceptions(ctx context.Context, rule Rule) ([]ExceptionCheck, error) {
	var checks []ExceptionCheck
	for _, exception := range x.settings.Exceptions {
		if !slices.Contains(exception.Rules, rule.Name) {
			continue
		}
		check := ExceptionCheck{Name: exception.Name}
		if exception.Expires.Over(x.now()) {
			check.Ended = exception.Expires.String()
		}
		criteria := exception.Match.criteria()
		var met []string
		text, err := json.Marshal(criteria)
		if err == nil {
			err = x.ask(ctx, fmt.Sprintf(`[name | some name, wanted in %s; data.decision.meets(name, wanted)]`, text), &met)
		}
		if err != nil {
			return nil, err
		}
		for name, wanted := range criteria {
			if !slices.Contains(met, name) {
				check.Unmet = append(check.Unmet, Unmet{name, wanted, x.found(name)})
			}
		}
		slices.SortFunc(check.Unmet, func(a, b Unmet) int { return cmp.Compare(a.Criterion, b.Criterion) })
		check.Covers = check.Ended == "" && len(check.Unmet) == 0
		checks = append(checks, check)
	}
	return checks, nil
}

// found is what a criterion is compared with.
func (x explainer) found(criterion string) any {
	container := x.doc.Container
	switch {
	case criterion == "users":
		return x.doc.User.Name
	case criterion == "operations":
		return x.doc.Operation
	case criterion == "images":
		names := []string{}
		for _, image := range x.doc.Images {
			names = append(names, cmp.Or(image.Name, image.Value))
		}
		return names
	case criterion == "names" && container != nil:
		return strings.TrimPrefix(container.Name.Value, "/")
	case criterion == "labels" && container != nil:
		return container.Labels
	case criterion == "names":
		return x.doc.Facts.Containers[x.doc.Object].Name
	case criterion == "labels":
		return x.doc.Facts.Containers[x.doc.Object].Labels
	}
	return nil
}

// valueAt is what stands at a place in the input or in the data.
func (x explainer) valueAt(ctx context.Context, ref ast.Ref) ast.Value {
	if ref[0].Equal(ast.InputRootDocument) {
		value, err := x.input.Find(ref[1:])
		if err != nil {
			return nil
		}
		return value
	}
	n := dataPrefix(ref)
	var path storage.Path
	for _, term := range ref[1:n] {
		path = append(path, strings.Trim(term.Value.String(), `"`))
	}
	stored, err := storage.ReadOne(ctx, x.store, path)
	if err != nil {
		return nil
	}
	all, err := ast.InterfaceToValue(stored)
	if err != nil {
		return nil
	}
	value, err := all.Find(ref[n:])
	if err != nil {
		return nil
	}
	return value
}

// reads tells places once each, in the order in which they were read, and not
// those of which a part was read.
func (x explainer) reads(places []place) []Read {
	var reads []Read
	seen := map[string]bool{}
	for _, p := range places {
		path := p.ref.String()
		if seen[path] || wholeOf(p, places) {
			continue
		}
		seen[path] = true
		reads = append(reads, Read{
			Path: path, Value: asJSON(p.value), Missing: p.value == nil, Empty: isEmpty(p.value), SetBy: x.setter(p.ref),
		})
	}
	return reads
}

func wholeOf(p place, places []place) bool {
	return slices.ContainsFunc(places, func(part place) bool {
		return len(part.ref) > len(p.ref) && part.value != nil && part.ref.HasPrefix(p.ref)
	})
}

// setter is who set a param, nil for what is none.
func (x explainer) setter(ref ast.Ref) *Source {
	for i := range ref {
		if i < 2 || i+1 >= len(ref) || !ref[i].Equal(ast.StringTerm("params")) || !ref[0].Equal(ast.DefaultRootDocument) {
			continue
		}
		rule, _ := ref[i-1].Value.(ast.String)
		name, _ := ref[i+1].Value.(ast.String)
		source := x.layer(string(rule), func(o policies.Override) bool { _, sets := o.Params[string(name)]; return sets })
		if source.By == BySettings {
			source.Name += ".params." + string(name)
		}
		return &source
	}
	return nil
}

func (x explainer) ways(ways []*way) []Way {
	all := make([]Way, 0, len(ways))
	for _, w := range ways {
		told := Way{File: w.rule.Location.File, Line: w.rule.Location.Row, Denied: w.denied}
		if !w.denied && w.expr != nil {
			told.Line, told.Condition = w.expr.Location.Row, sourceLine(w.expr.Location)
			told.Reads = x.reads(w.reads)
			if w.because != nil && w.because.Row != told.Line {
				told.Because = &Place{File: w.because.File, Line: w.because.Row, Text: sourceLine(w.because), Met: negated(w.expr)}
			}
		}
		all = append(all, told)
	}
	slices.SortFunc(all, func(a, b Way) int { return cmp.Compare(a.Line, b.Line) })
	return all
}

// asJSON is a value as JSON has it, nil for none.
func asJSON(value ast.Value) any {
	if value == nil {
		return nil
	}
	generic, err := ast.JSON(value)
	if err != nil {
		return value.String()
	}
	return generic
}

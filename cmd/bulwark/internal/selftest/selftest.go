// Package selftest fires the escapes that Bulwark ships with at a policy, and
// finds out which settings let some of them through.
package selftest

import (
	"context"
	"fmt"
	"slices"

	"github.com/bulwark-authz/bulwark/cmd/bulwark/internal/judge"
	"github.com/bulwark-authz/bulwark/plugin/input"
	"github.com/bulwark-authz/bulwark/plugin/policy"
	"github.com/bulwark-authz/bulwark/policies"
)

// Report is what became of the escapes.
type Report struct {
	Profile string `json:"profile"`
	// Fired are all, Denied those that a built-in rule denies.
	Fired  int `json:"fired"`
	Denied int `json:"denied"`
	// Passed are those that a setting lets through.
	Passed []Escape `json:"passed"`
	// Stricter are those that pass because no setting asks for the profile
	// whose rule denies them.
	Stricter []Escape `json:"stricter"`
}

// Escape is one request out of the examples that a rule denies.
type Escape struct {
	Rule string `json:"rule"`
	// Profile is the first that has the rule.
	Profile string `json:"profile"`
	// Command is the docker command that sends it, or method and target.
	Command string `json:"command"`
	// OpenedBy are the settings that let it through: taking back any of them
	// has it denied or, when Together is true, nothing less than all of them.
	OpenedBy []Opening `json:"opened_by,omitempty"`
	Together bool      `json:"together,omitempty"`
}

// Run fires every escape at an engine; lines are policy.SettingLines.
func Run(ctx context.Context, engine *policy.Engine, lines map[string]int) (Report, error) {
	escapes, err := shipped()
	if err != nil {
		return Report{}, err
	}
	openings := newOpenings(engine, lines)
	report := Report{Profile: profileOf(engine.Settings()), Passed: []Escape{}, Stricter: []Escape{}}
	for _, escape := range escapes {
		report.Fired++
		denied, err := denies(ctx, engine, escape.doc)
		if err != nil {
			return Report{}, fmt.Errorf("%s: %w", escape.Command, err)
		}
		if denied {
			report.Denied++
			continue
		}
		if escape.OpenedBy, escape.Together, err = openings.of(ctx, escape.doc); err != nil {
			return Report{}, fmt.Errorf("%s: %w", escape.Command, err)
		}
		if len(escape.OpenedBy) > 0 {
			report.Passed = append(report.Passed, escape.Escape)
		} else {
			report.Stricter = append(report.Stricter, escape.Escape)
		}
	}
	return report, nil
}

func profileOf(settings policy.Settings) string {
	if settings.Profile == "" {
		return policies.DefaultProfile
	}
	return settings.Profile
}

type escape struct {
	Escape
	doc input.Document
}

// shipped are the requests that a built-in rule denies.
func shipped() ([]escape, error) {
	rules, err := policies.Rules()
	if err != nil {
		return nil, err
	}
	var all []escape
	for _, rule := range rules {
		examples, err := rule.Examples()
		if err != nil {
			return nil, err
		}
		for _, example := range examples.Deny {
			doc, err := judge.Example(example)
			if err != nil {
				return nil, fmt.Errorf("rule %s, %s: %w", rule.Name, command(example), err)
			}
			all = append(all, escape{Escape{Rule: rule.Name, Profile: rule.Profile, Command: command(example)}, doc})
		}
	}
	return all, nil
}

func command(example policies.Example) string {
	if example.CLI != "" {
		return example.CLI
	}
	return example.Request.Method + " " + example.Request.URI
}

// denies says whether a built-in rule denies a request. What the site's own
// rules find in it may be something else, such as a label that is missing,
// and would be mended by whoever means to escape.
func denies(ctx context.Context, engine *policy.Engine, doc input.Document) (bool, error) {
	decision, err := engine.Decide(ctx, doc)
	return slices.ContainsFunc(decision.Violations, func(v policy.Violation) bool { return !ofSite(engine, v.Rule) }), err
}

func ofSite(engine *policy.Engine, rule string) bool {
	return slices.ContainsFunc(engine.Rules(), func(r policy.Rule) bool { return r.Name == rule && r.Site })
}

// names are those of openings, for a person and for comparing.
func names(openings []Opening) []string {
	var all []string
	for _, o := range openings {
		all = append(all, o.Setting)
	}
	slices.Sort(all)
	return all
}

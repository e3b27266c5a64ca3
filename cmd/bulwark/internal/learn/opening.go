package learn

import (
	"maps"
	"slices"
	"time"

	"github.com/bulwark-authz/bulwark/plugin/policy"
	"github.com/bulwark-authz/bulwark/policies"
)

// Opening is one thing that lets more requests pass: an entry of a param, an
// exception for a rule, or, without either, that a rule only logs.
type Opening struct {
	Rule string
	// Param is the param to change, "" for none.
	Param string
	// Key is where in the param, when it is a mapping.
	Key string
	// Value is what to add to a list, or what to set.
	Value any
	// Match is what an exception covers, nil for none.
	Match *policy.Match
	// Because is what needs it.
	Because Because
}

// Because are the decisions that need an opening.
type Because struct {
	Decisions int
	Users     []string // sorted, "" for a client without a name
	// Example is the id of the first of them, and Message what was found in it.
	Example string
	Message string
}

// adds reports whether an opening adds to what there is: then any number of
// them go together, in any order.
func (o Opening) adds() bool { return o.Key == "" && (o.Param == "" || !isNumber(o.Value)) }

// lifts reports whether the rule only logs.
func (o Opening) lifts() bool { return o.Param == "" && o.Match == nil }

func isNumber(value any) bool {
	_, is := value.(int)
	return is
}

// width orders openings: what opens more is greater.
func (o Opening) width() int {
	switch {
	case o.lifts():
		return 2
	case o.Match != nil:
		return 1
	}
	return 0
}

// base is what there is before anything is opened: the present settings, with
// everything enforced that they only log.
type base struct {
	settings policy.Settings
	rules    map[string]policy.Rule
	expires  policy.Date
}

// exceptionDays is how long a proposed exception lasts: long enough to review
// it, and no longer.
const exceptionDays = 90

// enforced are settings under which nothing is only logged.
func enforced(settings policy.Settings) policy.Settings {
	settings.Mode = ""
	rules := map[string]policies.Override{}
	for name, override := range settings.Rules {
		if override.Enforcement == string(policy.Dryrun) {
			override.Enforcement = ""
		}
		if override.Enforcement != "" || len(override.Params) > 0 {
			rules[name] = override
		}
	}
	settings.Rules = rules
	return settings
}

func newBase(settings policy.Settings, rules []policy.Rule, now time.Time) base {
	b := base{settings: settings, rules: map[string]policy.Rule{}}
	b.expires.Time = now.UTC().Truncate(24*time.Hour).AddDate(0, 0, exceptionDays)
	for _, rule := range rules {
		b.rules[rule.Name] = rule
	}
	return b
}

// with are the settings with openings. What is not opened is as it was.
func (b base) with(openings []Opening) policy.Settings {
	settings := b.settings
	settings.Rules = maps.Clone(b.settings.Rules)
	settings.Exceptions = slices.Clone(b.settings.Exceptions)
	for _, o := range openings {
		override := settings.Rules[o.Rule]
		switch {
		case o.Match != nil:
			b.addException(&settings, o)
			continue
		case o.lifts():
			override.Enforcement = string(policy.Dryrun)
		default:
			override.Params = maps.Clone(override.Params)
			if override.Params == nil {
				override.Params = map[string]any{}
			}
			was, set := override.Params[o.Param]
			if !set {
				was = b.rules[o.Rule].Params[o.Param]
			}
			override.Params[o.Param] = o.apply(was)
		}
		settings.Rules[o.Rule] = override
	}
	return settings
}

// apply is a param's value with the opening.
func (o Opening) apply(was any) any {
	switch was := was.(type) {
	case []any:
		return append(slices.Clone(was), o.Value)
	case map[string]any:
		is := maps.Clone(was)
		is[o.Key] = o.Value
		return is
	}
	return o.Value
}

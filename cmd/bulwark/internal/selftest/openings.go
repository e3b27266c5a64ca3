package selftest

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/bulwark-authz/bulwark/plugin/input"
	"github.com/bulwark-authz/bulwark/plugin/policy"
	"github.com/bulwark-authz/bulwark/policies"
)

// Opening is a setting that lets an escape through.
type Opening struct {
	// Setting is its key: rules.root_user.enforcement, mode, exceptions.NAME.
	Setting string `json:"setting"`
	// Value is what is set, in short; "" for params and exceptions.
	Value string `json:"value,omitempty"`
	// Line is that in settings.yaml, 0 when it is not known.
	Line int `json:"line,omitempty"`

	revert func(*policy.Settings)
}

// openings looks for the settings that let escapes through. It keeps the engine
// of each set of settings that it takes back.
type openings struct {
	engine  *policy.Engine
	all     []Opening
	engines map[string]*policy.Engine
}

func newOpenings(engine *policy.Engine, lines map[string]int) *openings {
	all := settingsOf(engine.Settings())
	for i := range all {
		all[i].Line = lines[all[i].Setting]
	}
	return &openings{engine: engine, all: all, engines: map[string]*policy.Engine{}}
}

// settingsOf are the settings that could let something through, one by one.
func settingsOf(settings policy.Settings) []Opening {
	var all []Opening
	if settings.Mode == policy.Audit {
		all = append(all, Opening{Setting: "mode", Value: string(policy.Audit), revert: func(s *policy.Settings) { s.Mode = "" }})
	}
	for _, rule := range slices.Sorted(maps.Keys(settings.Rules)) {
		override := settings.Rules[rule]
		if override.Enforcement != "" {
			all = append(all, Opening{Setting: "rules." + rule + ".enforcement", Value: override.Enforcement, revert: func(s *policy.Settings) {
				s.Rules[rule] = policies.Override{Params: s.Rules[rule].Params}
			}})
		}
		for _, param := range slices.Sorted(maps.Keys(override.Params)) {
			all = append(all, Opening{Setting: "rules." + rule + ".params." + param, revert: func(s *policy.Settings) {
				params := maps.Clone(s.Rules[rule].Params)
				delete(params, param)
				s.Rules[rule] = policies.Override{Enforcement: s.Rules[rule].Enforcement, Params: params}
			}})
		}
	}
	for _, exception := range settings.Exceptions {
		all = append(all, Opening{Setting: "exceptions." + exception.Name, revert: func(s *policy.Settings) {
			s.Exceptions = slices.DeleteFunc(s.Exceptions, func(e policy.Exception) bool { return e.Name == exception.Name })
		}})
	}
	return all
}

// of are the settings that let the request through: taking back any of them
// has it denied, or, when together is true, nothing less than all of them. There
// are none for a request that passes without any setting.
func (o *openings) of(ctx context.Context, doc input.Document) (by []Opening, together bool, err error) {
	denied, err := o.deniedWithout(ctx, doc, o.all)
	if !denied || err != nil {
		return nil, false, err
	}
	for _, one := range o.all {
		if denied, err = o.deniedWithout(ctx, doc, []Opening{one}); err != nil {
			return nil, false, err
		}
		if denied {
			by = append(by, one)
		}
	}
	if len(by) > 0 {
		return by, false, nil
	}
	by, err = o.fewest(ctx, doc)
	return by, true, err
}

// fewest leaves out what does not have to be taken back.
func (o *openings) fewest(ctx context.Context, doc input.Document) ([]Opening, error) {
	needed := o.all
	for _, one := range o.all {
		fewer := slices.DeleteFunc(slices.Clone(needed), func(other Opening) bool { return other.Setting == one.Setting })
		denied, err := o.deniedWithout(ctx, doc, fewer)
		if err != nil {
			return nil, err
		}
		if denied {
			needed = fewer
		}
	}
	return needed, nil
}

// deniedWithout decides on a request as if some settings were not there.
func (o *openings) deniedWithout(ctx context.Context, doc input.Document, without []Opening) (bool, error) {
	key := strings.Join(names(without), " ")
	engine := o.engines[key]
	if engine == nil {
		settings := o.engine.Settings()
		settings.Rules, settings.Exceptions = maps.Clone(settings.Rules), slices.Clone(settings.Exceptions)
		for _, one := range without {
			one.revert(&settings)
		}
		reverted, err := o.engine.With(settings)
		if err != nil {
			return false, fmt.Errorf("taking back %s: %w", key, err)
		}
		engine, o.engines[key] = reverted, reverted
	}
	return denies(ctx, engine, doc)
}

package policy

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/bulwark-authz/bulwark/policies"
)

// Superfluous is a part of the settings that changes nothing.
type Superfluous struct {
	// Key is where it stands: rules.root_user.enforcement, exceptions.NAME.
	Key string
	// Why it changes nothing.
	Why string
}

// Superfluous are the parts of the settings that change nothing, in the order
// of rules and exceptions.
func (e *Engine) Superfluous() []Superfluous {
	var all []Superfluous
	bare := Settings{Profile: e.settings.Profile}
	chain, err := bare.chain(e.bundle)
	if err != nil {
		return nil
	}
	for _, rule := range bare.catalogue(e.bundle, chain) {
		all = append(all, sameAsWithout(rule, e.settings.Rules[rule.Name])...)
	}
	for _, exception := range e.settings.Exceptions {
		for _, name := range exception.Rules {
			i := slices.IndexFunc(e.rules, func(r Rule) bool { return r.Name == name })
			if why := e.liftsNothing(exception, e.rules[i]); why != "" {
				all = append(all, Superfluous{Key: "exceptions." + exception.Name, Why: why})
			}
		}
	}
	return all
}

// sameAsWithout compares what is set for a rule with what it is without that.
func sameAsWithout(rule Rule, set policies.Override) []Superfluous {
	var all []Superfluous
	key := "rules." + rule.Name
	if set.Enforcement != "" && set.Enforcement == string(rule.Enforcement) {
		all = append(all, Superfluous{Key: key + ".enforcement", Why: "it is " + set.Enforcement + " without this"})
	}
	for _, param := range slices.Sorted(maps.Keys(set.Params)) {
		if reflect.DeepEqual(set.Params[param], rule.Params[param]) {
			all = append(all, Superfluous{Key: key + ".params." + param, Why: "it has this value by itself"})
		}
	}
	return all
}

// liftsNothing says why an exception can never cover a finding of a rule.
func (e *Engine) liftsNothing(exception Exception, rule Rule) string {
	switch {
	case rule.Enforcement == "":
		return fmt.Sprintf("the rule %s is not in the profile", rule.Name)
	case rule.Enforcement == Off, rule.Enforcement == Dryrun && e.settings.Mode != Audit:
		return fmt.Sprintf("the rule %s is %s and denies nothing", rule.Name, rule.Enforcement)
	case len(exception.Match.Operations) == 0 || slices.ContainsFunc(exception.Match.Operations, rule.Claims):
		return ""
	}
	return fmt.Sprintf("the rule %s is never asked about %s", rule.Name, strings.Join(exception.Match.Operations, " or "))
}

// likeStart are the operations that are judged as starting a container.
var likeStart = []string{"ContainerRestart", "ContainerUnpause"}

// Claims reports whether a rule is asked about an operation.
func (r Rule) Claims(operation string) bool {
	if operation == "" {
		operation = policies.NoOperation
	}
	return slices.Contains(r.Operations, operation) || slices.Contains(r.Operations, policies.EveryOperation) ||
		slices.Contains(likeStart, operation) && slices.Contains(r.Operations, "ContainerStart")
}

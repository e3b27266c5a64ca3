package learn

import (
	"fmt"
	"reflect"
	"slices"

	"github.com/bulwark-authz/bulwark/plugin/input"
	"github.com/bulwark-authz/bulwark/plugin/policy"
	"github.com/bulwark-authz/bulwark/policies"
)

// reason is what a proposed exception says for itself, until somebody knows
// better.
const reason = "proposed by bulwark learn; say here why it is right"

// addException covers a rule by the exception that matches the same, or by a
// new one.
func (b base) addException(settings *policy.Settings, o Opening) {
	own := settings.Exceptions[len(b.settings.Exceptions):]
	for i, e := range own {
		if sameMatch(e.Match, *o.Match) {
			own[i].Rules = append(slices.Clone(e.Rules), o.Rule)
			return
		}
	}
	settings.Exceptions = append(settings.Exceptions, policy.Exception{
		Name: freeName(settings.Exceptions), Rules: []string{o.Rule}, Match: *o.Match, Reason: reason, Expires: b.expires,
	})
}

func freeName(taken []policy.Exception) string {
	for i := 1; ; i++ {
		name := fmt.Sprintf("learned-%d", i)
		if !slices.ContainsFunc(taken, func(e policy.Exception) bool { return e.Name == name }) {
			return name
		}
	}
}

// matchOf is the narrowest match that covers a request by its operation, its
// user and its images; nil when it has none of them.
func matchOf(doc input.Document) (*policy.Match, error) {
	var match policy.Match
	if doc.Operation != "" {
		match.Operations = []string{doc.Operation}
	}
	if doc.User.Name != "" {
		match.Users = []string{doc.User.Name}
	}
	names, err := imageNames(doc)
	if err != nil {
		return nil, err
	}
	match.Images = names
	if sameMatch(match, policy.Match{}) {
		return nil, nil
	}
	return &match, nil
}

// imageNames are the names of a request's images; none when an exception cannot
// name all of them.
func imageNames(doc input.Document) ([]string, error) {
	schema, err := policies.Schema("settings")
	if err != nil {
		return nil, err
	}
	one := schema.Properties["exceptions"].Items.Properties["match"].Properties["images"].Items
	var names []string
	for _, image := range doc.Images {
		if image.ID || !fits(one, image.Name) {
			return nil, nil
		}
		names = append(names, image.Name)
	}
	slices.Sort(names)
	return slices.Compact(names), nil
}

func sameMatch(a, b policy.Match) bool { return reflect.DeepEqual(a, b) }

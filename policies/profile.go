package policies

import (
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/bulwark-authz/bulwark/policies/yamlschema"
)

// DefaultProfile is in force where the settings name none.
const DefaultProfile = "baseline"

// Profile is a set of rules. A rule says itself which profile has it first; a
// profile's file says what it builds on and what it sets otherwise.
type Profile struct {
	Description string `yaml:"description"`
	// Extends is the profile it builds on, "" for none.
	Extends string              `yaml:"extends"`
	Rules   map[string]Override `yaml:"rules"`
}

// Override is what a profile, or the settings, set for one rule.
type Override struct {
	// Enforcement is deny, dryrun or off; "" leaves it as it is.
	Enforcement string `yaml:"enforcement,omitempty"`
	// Params replace those of the same name.
	Params map[string]any `yaml:"params,omitempty"`
}

// Chain returns a profile's name and those it builds on, the first one first.
func (b *Bundle) Chain(profile string) ([]string, error) {
	var chain []string
	for name := profile; name != ""; name = b.Profiles[name].Extends {
		if _, known := b.Profiles[name]; !known {
			return nil, fmt.Errorf("there is no profile %q; there are %s", name, strings.Join(slices.Sorted(maps.Keys(b.Profiles)), ", "))
		}
		if slices.Contains(chain, name) {
			return nil, fmt.Errorf("profile %q builds on itself", name)
		}
		chain = append([]string{name}, chain...)
	}
	return chain, nil
}

// readProfiles reads every profile and makes sure that profiles and rules
// name each other truly.
func readProfiles(root fs.FS, rules []Rule) (map[string]Profile, error) {
	names, err := fs.Glob(root, "profiles/*.yaml")
	if err != nil {
		return nil, fmt.Errorf("listing profiles: %w", err)
	}
	profiles := map[string]Profile{}
	for _, file := range names {
		var p Profile
		if err := readYAML(root, "", file, "profile", &p); err != nil {
			return nil, err
		}
		profiles[strings.TrimSuffix(path.Base(file), ".yaml")] = p
	}
	for _, rule := range rules {
		if _, known := profiles[rule.Profile]; !known {
			return nil, fmt.Errorf("reading profiles: rule %s names the profile %q, which does not exist", rule.Name, rule.Profile)
		}
	}
	for name, p := range profiles {
		for rule, override := range p.Rules {
			if err := override.fits(rules, rule); err != nil {
				return nil, fmt.Errorf("reading profile %s: %w", name, err)
			}
		}
	}
	return profiles, nil
}

// fits reports what is wrong with a profile's override of a rule.
func (o Override) fits(rules []Rule, name string) error {
	i := slices.IndexFunc(rules, func(r Rule) bool { return r.Name == name })
	switch {
	case i < 0:
		return fmt.Errorf("there is no rule %q", name)
	case rules[i].Locked:
		return fmt.Errorf("rule %s is locked: no profile can change it", name)
	case len(o.Params) > 0 && rules[i].ParamsSchema == nil:
		return fmt.Errorf("rule %s has no params", name)
	case len(o.Params) == 0:
		return nil
	}
	var node yaml.Node
	if err := node.Encode(o.Params); err != nil {
		return err
	}
	return yamlschema.Join("rules."+name, rules[i].ParamsSchema.Check(&node))
}

// Package catalogue shows the rules as they are set on this host.
package catalogue

import (
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/bulwark-authz/bulwark/plugin/policy"
)

// Entry is one rule as it is set here.
type Entry struct {
	Rule     string `json:"rule"`
	Title    string `json:"title"`
	Severity string `json:"severity"`
	// Enforcement is deny, dryrun, off, or "" for a rule that the profile does
	// not have.
	Enforcement policy.Enforcement `json:"enforcement"`
	// SetBy says in words who set it.
	SetBy string `json:"set_by"`
	// Profile is the first one that has the rule, "" for a rule of the site that
	// is in every one.
	Profile    string         `json:"profile,omitempty"`
	Site       bool           `json:"site"`
	Operations []string       `json:"operations"`
	Params     map[string]any `json:"params,omitempty"`
}

// Catalogue is all rules of an engine. Lines are policy.SettingLines.
type Catalogue struct {
	Engine *policy.Engine
	Lines  map[string]int
}

// rules are those of the engine, and a policy written for opa-docker-authz as
// if it were one.
func (c Catalogue) rules() []policy.Rule {
	rules := slices.Clone(c.Engine.Rules())
	if rule, ok := c.Engine.Authz(); ok {
		rules = append(rules, rule)
	}
	return rules
}

// Entries are the rules that are asked about an operation, all without one.
func (c Catalogue) Entries(operation string) []Entry {
	entries := []Entry{}
	for _, rule := range c.rules() {
		if operation == "" || rule.Claims(operation) {
			entries = append(entries, c.entry(rule))
		}
	}
	return entries
}

func (c Catalogue) entry(rule policy.Rule) Entry {
	return Entry{
		Rule: rule.Name, Title: rule.Title, Severity: rule.Severity, Enforcement: rule.Enforcement, SetBy: c.setBy(rule),
		Profile: rule.Profile, Site: rule.Site, Operations: rule.Operations, Params: rule.Params,
	}
}

// setBy says who decided on the enforcement of a rule.
func (c Catalogue) setBy(rule policy.Rule) string {
	source := c.Engine.SetBy(rule)
	switch {
	case rule.Enforcement == "":
		return "only in profile " + rule.Profile
	case source.By == policy.ByLock:
		return "locked"
	case source.By == policy.BySettings && source.Name == "mode":
		return c.place("mode") + ", mode audit"
	case source.By == policy.BySettings:
		return c.place(source.Name)
	case source.By == policy.ByProfile:
		return "profile " + source.Name
	case rule.Profile == "":
		return "a rule of this site"
	}
	return "profile " + rule.Profile
}

// place is settings.yaml with the line of a key.
func (c Catalogue) place(key string) string {
	if line := c.Lines[key]; line > 0 {
		return fmt.Sprintf("%s:%d", policy.SettingsFile, line)
	}
	return policy.SettingsFile
}

// Table shows entries, one a line, and a line on what they are.
func Table(entries []Entry) string {
	var b strings.Builder
	table := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, "RULE\tSEVERITY\tHERE\tSET BY\tDENIES") // a Builder takes everything
	for _, e := range entries {
		_, _ = fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", e.Rule, dash(e.Severity), dash(string(e.Enforcement)), e.SetBy, e.Title)
	}
	_ = table.Flush()
	return b.String()
}

func dash(text string) string {
	if text == "" {
		return "-"
	}
	return text
}

// Counts says how many entries are enforced in which way.
func Counts(entries []Entry) string {
	var parts []string
	for _, kind := range []struct {
		enforcement policy.Enforcement
		text        string
	}{{policy.Deny, "deny"}, {policy.Dryrun, "only log (dryrun)"}, {policy.Off, "are off"}, {"", "are not in the profile"}} {
		same := slices.DeleteFunc(slices.Clone(entries), func(e Entry) bool { return e.Enforcement != kind.enforcement })
		if len(same) > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", len(same), kind.text))
		}
	}
	return strings.Join(parts, ", ")
}

// Names are those of all rules.
func (c Catalogue) Names() []string {
	var names []string
	for _, e := range c.Entries("") {
		names = append(names, e.Rule)
	}
	return names
}

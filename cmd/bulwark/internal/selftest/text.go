package selftest

import (
	"fmt"
	"strings"

	"github.com/bulwark-authz/bulwark/cmd/bulwark/internal/decisions"
	"github.com/bulwark-authz/bulwark/plugin/policy"
)

// Text is the report for a person; all lists what a stricter profile denies.
func (r Report) Text(all bool) string {
	var out strings.Builder
	write := func(format string, args ...any) {
		out.WriteString(decisions.Printable(fmt.Sprintf(format, args...)) + "\n")
	}
	write("%s fired at profile %s: %d denied, %d let through by settings", escapes(r.Fired), r.Profile, r.Denied, len(r.Passed))
	for _, group := range groups(r.Passed) {
		out.WriteString("\n")
		write("%s %s through:", group.openings, escapes(len(group.escapes)))
		for _, e := range group.escapes {
			write("  %-20s %s", e.Rule, e.Command)
		}
	}
	if len(r.Stricter) == 0 {
		return out.String()
	}
	out.WriteString("\n")
	if !all {
		write("%d more pass because they need profile: %s (--all lists them)", len(r.Stricter), r.Stricter[0].Profile)
		return out.String()
	}
	write("%d more pass because they need profile: %s:", len(r.Stricter), r.Stricter[0].Profile)
	for _, e := range r.Stricter {
		write("  %-20s %s", e.Rule, e.Command)
	}
	return out.String()
}

func escapes(n int) string {
	if n == 1 {
		return "1 escape"
	}
	return fmt.Sprintf("%d escapes", n)
}

// group are the escapes that the same settings let through.
type group struct {
	openings string
	escapes  []Escape
}

func groups(passed []Escape) []*group {
	var all []*group
	byOpenings := map[string]*group{}
	for _, e := range passed {
		name := openingsText(e)
		if byOpenings[name] == nil {
			byOpenings[name] = &group{openings: name}
			all = append(all, byOpenings[name])
		}
		byOpenings[name].escapes = append(byOpenings[name].escapes, e)
	}
	return all
}

// openingsText is the start of a sentence: what lets the escape through.
func openingsText(e Escape) string {
	var texts []string
	for _, o := range e.OpenedBy {
		texts = append(texts, o.String())
	}
	switch {
	case len(texts) == 1:
		return texts[0] + " lets"
	case e.Together:
		return strings.Join(texts, " and ") + ", which must all be taken back, let"
	}
	return strings.Join(texts, " and ") + ", of which one must be taken back, let"
}

// String is rules.root_user.enforcement: off (settings.yaml:3).
func (o Opening) String() string {
	text := o.Setting
	if o.Value != "" {
		text += ": " + o.Value
	}
	if o.Line > 0 {
		text += fmt.Sprintf(" (%s:%d)", policy.SettingsFile, o.Line)
	}
	return text
}

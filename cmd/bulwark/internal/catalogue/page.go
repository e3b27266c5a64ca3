package catalogue

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/bulwark-authz/bulwark/plugin/policy"
	"github.com/bulwark-authz/bulwark/policies"
)

// Page is everything about one rule.
type Page struct {
	Entry
	Description string      `json:"description"`
	Remediation string      `json:"remediation"`
	ParamList   []Param     `json:"param_list,omitempty"`
	Exceptions  []Exception `json:"exceptions,omitempty"`
	Deny        []string    `json:"examples_denied,omitempty"`
	Allow       []string    `json:"examples_allowed,omitempty"`
	CIS         []string    `json:"cis,omitempty"`
	PSS         []string    `json:"pss,omitempty"`
	Read        []string    `json:"read,omitempty"`
	// File is where a rule of the site is written.
	File string `json:"file,omitempty"`
}

// Param is one param with what it is and what it is by default.
type Param struct {
	Name        string `json:"name"`
	Description string `json:"description"`
	Default     any    `json:"default"`
	Here        any    `json:"here"`
	// SetAt is where the settings set it, "" where they do not.
	SetAt string `json:"set_at,omitempty"`
}

// Exception is one that names the rule.
type Exception struct {
	Name    string `json:"name"`
	At      string `json:"at"`
	Reason  string `json:"reason"`
	Expires string `json:"expires"`
	Ended   bool   `json:"ended"`
}

// Page returns the page of a rule, false when there is no such rule.
func (c Catalogue) Page(name string, now time.Time) (page Page, known bool, err error) {
	rules := c.rules()
	i := slices.IndexFunc(rules, func(r policy.Rule) bool { return r.Name == name })
	if i < 0 {
		return Page{}, false, nil
	}
	rule := rules[i]
	examples, err := rule.Examples()
	page = Page{
		Entry: c.entry(rule), Description: strings.TrimSpace(rule.Description), Remediation: rule.Remediation,
		ParamList: c.params(rule), Deny: commands(examples.Deny), Allow: commands(examples.Allow), CIS: rule.CIS, PSS: rule.PSS,
	}
	for _, e := range c.Engine.Settings().Exceptions {
		if slices.Contains(e.Rules, name) {
			page.Exceptions = append(page.Exceptions, Exception{
				Name: e.Name, At: c.place("exceptions." + e.Name), Reason: e.Reason, Expires: e.Expires.String(), Ended: e.Expires.Over(now),
			})
		}
	}
	for _, resource := range rule.Resources {
		page.Read = append(page.Read, resource.Ref)
	}
	if rule.Site {
		page.File = rule.File
	}
	return page, true, err
}

func (c Catalogue) params(rule policy.Rule) []Param {
	if rule.ParamsSchema == nil {
		return nil
	}
	var params []Param
	for _, name := range slices.Sorted(maps.Keys(rule.ParamsSchema.Properties)) {
		param := Param{Name: name, Description: rule.ParamsSchema.Properties[name].Description, Default: rule.Rule.Params[name], Here: rule.Params[name]}
		if key := "rules." + rule.Name + ".params." + name; c.Lines[key] > 0 {
			param.SetAt = c.place(key)
		}
		params = append(params, param)
	}
	return params
}

// commands are those of the examples that have one.
func commands(examples []policies.Example) []string {
	var list []string
	for _, example := range examples {
		if example.CLI != "" {
			list = append(list, example.CLI)
		}
	}
	return list
}

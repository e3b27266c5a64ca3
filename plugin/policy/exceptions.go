package policy

import (
	"fmt"
	"slices"
	"time"

	"go.yaml.in/yaml/v3"
)

// Exception lets requests that match it pass rules, for a reason and until a
// day. It never lifts a locked rule.
type Exception struct {
	Name    string   `yaml:"name"`
	Rules   []string `yaml:"rules"`
	Match   Match    `yaml:"match"`
	Reason  string   `yaml:"reason"`
	Expires Date     `yaml:"expires"`

	line int
}

// Match says which requests an exception covers: those that meet every
// criterion that is given, each by one of its values.
type Match struct {
	// Images are registries or repositories; every image of the request must
	// be under one of them.
	Images []string `yaml:"images,omitempty"`
	// Users are names of TLS clients.
	Users []string `yaml:"users,omitempty"`
	// Operations are ids of the Engine API.
	Operations []string `yaml:"operations,omitempty"`
	// Labels and Names are the container's. Whoever creates it chooses them.
	Labels map[string]string `yaml:"labels,omitempty"`
	Names  []string          `yaml:"names,omitempty"`
}

// criteria are what the entrypoint compares, those that are given only.
func (m Match) criteria() map[string]any {
	all := map[string]any{}
	for name, list := range map[string][]string{"images": m.Images, "users": m.Users, "operations": m.Operations, "names": m.Names} {
		if len(list) > 0 {
			all[name] = anys(list)
		}
	}
	if len(m.Labels) > 0 {
		labels := map[string]any{}
		for name, value := range m.Labels {
			labels[name] = value
		}
		all["labels"] = labels
	}
	return all
}

func anys(list []string) []any {
	values := make([]any, len(list))
	for i, value := range list {
		values[i] = value
	}
	return values
}

// UnmarshalYAML keeps the line, for notices.
func (e *Exception) UnmarshalYAML(node *yaml.Node) error {
	type plain Exception
	err := node.Decode((*plain)(e))
	e.line = node.Line
	return err
}

// Date is a day, to its end in UTC.
type Date struct{ time.Time }

// UnmarshalYAML reads 2027-03-31.
func (d *Date) UnmarshalYAML(node *yaml.Node) (err error) {
	d.Time, err = time.Parse(time.DateOnly, node.Value)
	return err
}

// MarshalYAML writes 2027-03-31.
func (d Date) MarshalYAML() (any, error) { return d.String(), nil }

// String is 2027-03-31.
func (d Date) String() string { return d.Format(time.DateOnly) }

// Over reports whether the day has ended.
func (d Date) Over(now time.Time) bool { return !now.Before(d.AddDate(0, 0, 1)) }

// sameNames refuses two exceptions of one name: the log could not tell them
// apart, and one that has ended would go on under the other's date.
func (s Settings) sameNames(file string) error {
	lines := map[string]int{}
	for _, e := range s.Exceptions {
		if first, taken := lines[e.Name]; taken {
			return fmt.Errorf("%s:%d:5: the exception on line %d has the name %q, too; choose another one", file, e.line, first, e.Name)
		}
		lines[e.Name] = e.line
	}
	return nil
}

// exceptionsByRule are the exceptions as the entrypoint reads them.
func (s Settings) exceptionsByRule() map[string]any {
	byRule := map[string]any{}
	for _, e := range s.Exceptions {
		for _, rule := range e.Rules {
			list, _ := byRule[rule].([]any)
			byRule[rule] = append(list, map[string]any{"name": e.Name, "match": e.Match.criteria()})
		}
	}
	return byRule
}

// exception is the first of those named that has not ended, "" for none.
func (e *Engine) exception(names []string) string {
	if len(names) == 0 {
		return ""
	}
	now := e.now()
	for _, exception := range e.settings.Exceptions {
		if slices.Contains(names, exception.Name) && !exception.Expires.Over(now) {
			return exception.Name
		}
	}
	return ""
}

// NoticeDays are how long before its end an exception is announced.
const NoticeDays = 14

// Notices are what an operator should know of a policy that works: exceptions
// that have ended or are about to, one line each.
func (e *Engine) Notices(now time.Time) []string {
	var notices []string
	for _, exception := range e.settings.Exceptions {
		place := fmt.Sprintf("%s:%d: exception %s", SettingsFile, exception.line, exception.Name)
		switch end := exception.Expires; {
		case end.Over(now):
			notices = append(notices, fmt.Sprintf("%s ended on %s and has no effect; remove it, or set a new date", place, end))
		case end.Over(now.AddDate(0, 0, NoticeDays)):
			notices = append(notices, fmt.Sprintf("%s ends on %s; what it lets pass will be denied after that", place, end))
		}
	}
	return notices
}

package learn

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/bulwark-authz/bulwark/cmd/bulwark/internal/decisions"
)

const heading = `Proposed by bulwark learn from what was recorded. Read each line before you use it:
what was recorded may be an attack.`

// Settings are the proposed settings as a settings.yaml, with a comment on each
// opening that says what needs it.
func (p Proposal) Settings() (string, error) {
	var root yaml.Node
	if err := root.Encode(p.base.with(p.Openings)); err != nil {
		return "", err
	}
	for i, o := range p.Openings {
		if node := p.place(&root, i); node != nil {
			node.HeadComment = o.Because.comment(p.base.rules[o.Rule].Severity)
			if o.lifts() {
				node.HeadComment = "with this the rule denies nobody; nothing narrower does\n" + node.HeadComment
			}
		}
	}
	var text strings.Builder
	for _, line := range strings.Split(heading, "\n") {
		text.WriteString("# " + line + "\n")
	}
	encoder := yaml.NewEncoder(&text)
	encoder.SetIndent(2)
	if err := encoder.Encode(&root); err != nil {
		return "", err
	}
	return text.String(), encoder.Close()
}

// comment says what needs an opening. Openings that other openings make
// superfluous in each request alone are needed by no single decision.
func (b Because) comment(severity string) string {
	if b.Decisions == 0 {
		return "needed together with others"
	}
	users := make([]string, len(b.Users))
	for i, user := range b.Users {
		users[i] = cmp.Or(user, "(no user name)")
	}
	return decisions.Printable(fmt.Sprintf("%s: %s of %s, e.g. %s: %s",
		cmp.Or(severity, "rule"), count(b.Decisions, "decision"), strings.Join(users, ", "), b.Example, b.Message))
}

// place is where the opening with a number stands in settings.
func (p Proposal) place(root *yaml.Node, number int) *yaml.Node {
	o := p.Openings[number]
	switch {
	case o.Match != nil:
		return p.exception(root, number)
	case o.lifts():
		return key(find(root, "rules", o.Rule), "enforcement")
	case o.Key != "":
		return key(find(root, "rules", o.Rule, "params", o.Param), o.Key)
	}
	value := find(root, "rules", o.Rule, "params", o.Param)
	if value == nil || value.Kind != yaml.SequenceNode {
		return key(find(root, "rules", o.Rule, "params"), o.Param)
	}
	// A list ends with what was added, in its order.
	after := 0
	for _, later := range p.Openings[number+1:] {
		if later.Rule == o.Rule && later.Param == o.Param {
			after++
		}
	}
	return value.Content[len(value.Content)-1-after]
}

// exception is the one that an opening made. Those of the same match are one,
// and the comment of the last one stands.
func (p Proposal) exception(root *yaml.Node, number int) *yaml.Node {
	made := p.base.with(p.Openings[:number+1]).Exceptions
	list := find(root, "exceptions")
	for i, e := range made {
		if i >= len(p.base.settings.Exceptions) && e.Rules[len(e.Rules)-1] == p.Openings[number].Rule && sameMatch(e.Match, *p.Openings[number].Match) {
			return find(list.Content[i], "rules").Content[len(e.Rules)-1]
		}
	}
	return nil
}

// find follows keys into mappings; nil when there is no such key.
func find(node *yaml.Node, keys ...string) *yaml.Node {
	for _, name := range keys {
		if node = value(node, name); node == nil {
			return nil
		}
	}
	return node
}

func value(mapping *yaml.Node, name string) *yaml.Node {
	for i := 0; mapping != nil && i+1 < len(mapping.Content); i += 2 {
		if mapping.Content[i].Value == name {
			return mapping.Content[i+1]
		}
	}
	return nil
}

// key is the node of a key, where comments on its value stand.
func key(mapping *yaml.Node, name string) *yaml.Node {
	for i := 0; mapping != nil && i+1 < len(mapping.Content); i += 2 {
		if mapping.Content[i].Value == name {
			return mapping.Content[i]
		}
	}
	return nil
}

// Summary says in words what the settings do.
func (p Proposal) Summary(out io.Writer) error {
	var b strings.Builder
	line := func(format string, args ...any) {
		b.WriteString(decisions.Printable(fmt.Sprintf(format, args...)) + "\n")
	}
	line("%s made again: the present settings deny %d, the proposed ones %d", count(p.Replayed, "decision"), p.Denied, p.Replayed-p.Passing)
	if p.Enforces {
		line("what the present settings only log is enforced by the proposed ones, wherever it is not opened")
	}
	for _, s := range p.Stuck {
		line("not opened: %s (%s, e.g. %s: %s)", s.Reason, count(s.Decisions, "decision"), s.Example, s.Message)
	}
	if p.Unseen > 0 {
		line("not considered: %s whose requests are not in the log", count(p.Unseen, "denial"))
	}
	line("read each line before you use it: what was recorded may be an attack")
	_, err := io.WriteString(out, b.String())
	return err
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

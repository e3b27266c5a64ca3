package backtest

import (
	"cmp"
	"fmt"
	"io"

	"github.com/bulwark-authz/bulwark/cmd/bulwark/internal/decisions"
)

// Write says it in words.
func (r Report) Write(out io.Writer) error {
	w := writer{out: out}
	w.line("%d decisions made again: %d unchanged, %d changed", r.Replayed, r.Unchanged, r.Replayed-r.Unchanged)
	if r.NotRecorded > 0 {
		w.line("%d not made again: their requests are not in the log (reads, refusals, large requests)", r.NotRecorded)
	}
	w.groups("newly denied", r.NewlyDenied)
	w.groups("newly allowed", r.NewlyAllowed)
	return w.err
}

// writer keeps the first error.
type writer struct {
	out io.Writer
	err error
}

func (w *writer) line(format string, args ...any) {
	if w.err == nil {
		_, w.err = fmt.Fprintln(w.out, decisions.Printable(fmt.Sprintf(format, args...)))
	}
}

func (w *writer) groups(title string, groups []Group) {
	if len(groups) == 0 {
		return
	}
	w.line("")
	w.line("%s:", title)
	for _, g := range groups {
		w.line("  %5d  %s  %s", g.Count, g.Rule, user(g.User))
		w.line("         e.g. %s  %s  %s: %s", g.Example.DecisionID, g.Example.Operation, cmp.Or(g.Example.Object, "-"), g.Example.Message)
	}
}

// user names who has no name as well: everybody at the unix socket.
func user(name string) string { return cmp.Or(name, "(no user name)") }

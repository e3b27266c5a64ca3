package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/bulwark-authz/bulwark/cmd/bulwark/internal/decisions"
	"github.com/bulwark-authz/bulwark/cmd/bulwark/internal/hint"
	"github.com/bulwark-authz/bulwark/plugin/decisionlog"
)

func newLogsCommand() *cobra.Command {
	var filter logFilter
	var since, output string
	var follow bool
	cmd := &cobra.Command{
		Use:   "logs [LOG...]",
		Short: "Show decisions, one line each",
		Long: `Shows the decisions of a log, one line each: when, the id, the outcome, who asked for what, and the rules that
found something; one in brackets did not deny. LOG is ` + decisions.DefaultLog + ` by default, and - is the
standard input.`,
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			if filter.since, err = parseSince(since, time.Now()); err != nil {
				return hint.Wrap(err, "say 90m, 24h, or a time as in the log: 2026-11-23T20:00:00Z")
			}
			show, err := logPrinter(output)
			if err != nil {
				return err
			}
			if len(args) == 0 {
				args = []string{decisions.DefaultLog}
			}
			entries := decisionsOf(cmd, args)
			if follow {
				if len(args) > 1 || args[0] == "-" {
					return hint.Wrap(errors.New("only one file can be followed"), "name one, or leave out -f")
				}
				entries = decisions.Follow(cmd.Context(), args[0])
			}
			return showLogs(cmd.OutOrStdout(), entries, filter, show)
		},
	}
	flags := cmd.Flags()
	flags.BoolVar(&filter.denied, "denied", false, "only what was not allowed")
	flags.StringVar(&filter.rule, "rule", "", "only what the `RULE` found something in")
	flags.StringVar(&filter.user, "user", "", "only what the `USER` asked for")
	flags.StringVar(&since, "since", "", "only what is not older than a `TIME`, such as 24h or 2026-11-23T20:00:00Z")
	flags.BoolVarP(&follow, "follow", "f", false, "go on with what is added, until Ctrl-C")
	flags.StringVarP(&output, "output", "o", "text", "the `FORMAT`: text, or json for the lines as they are")
	return cmd
}

// logFilter says which decisions to show.
type logFilter struct {
	denied     bool
	rule, user string
	since      time.Time
}

func (f logFilter) wants(e decisions.Entry) bool {
	return (!f.denied || e.Outcome != decisionlog.Allow) &&
		(f.rule == "" || slices.Contains(rulesOf(e.Violations, e.Dryrun, e.Excepted), f.rule)) &&
		(f.user == "" || e.User == f.user) &&
		!e.Time.Before(f.since)
}

// parseSince is the time that a text means, the zero time for none.
func parseSince(text string, now time.Time) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	if age, err := time.ParseDuration(text); err == nil {
		return now.Add(-age), nil
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return at, fmt.Errorf("--since: %q is no time", text)
	}
	return at, nil
}

func logPrinter(output string) (func(decisions.Entry) string, error) {
	switch output {
	case "text":
		return logLine, nil
	case "json":
		return func(e decisions.Entry) string { return decisions.Printable(string(e.Line)) }, nil
	}
	return nil, hint.Wrap(fmt.Errorf("unknown output format %q", output), "use one of: text, json")
}

func showLogs(out io.Writer, entries iter.Seq2[decisions.Entry, error], filter logFilter, show func(decisions.Entry) string) error {
	for entry, err := range entries {
		if err != nil {
			return err
		}
		if !filter.wants(entry) {
			continue
		}
		if _, err := fmt.Fprintln(out, show(entry)); err != nil {
			return err // a reader such as head that has gone
		}
	}
	return nil
}

// logLine is one decision for people.
func logLine(e decisions.Entry) string {
	fields := []string{
		e.Time.UTC().Format(time.RFC3339), cmp.Or(e.DecisionID, "-"), fmt.Sprintf("%-6s", e.Outcome), cmp.Or(e.User, "-"),
		cmp.Or(e.Operation, e.Method+" "+e.Path), cmp.Or(e.Object, "-"),
	}
	found := rulesOf(e.Violations)
	for _, rule := range rulesOf(e.Dryrun, e.Excepted) {
		found = append(found, "("+rule+")")
	}
	if e.Error != "" {
		found = append(found, e.Error)
	}
	if len(found) > 0 {
		fields = append(fields, strings.Join(found, ", "))
	}
	return decisions.Printable(strings.Join(fields, "  "))
}

// rulesOf are the rules that found something, each once.
func rulesOf(lists ...[]decisionlog.Finding) []string {
	var rules []string
	for _, finding := range slices.Concat(lists...) {
		if !slices.Contains(rules, finding.Rule) {
			rules = append(rules, finding.Rule)
		}
	}
	return rules
}

package main

import (
	"fmt"
	"iter"

	"github.com/spf13/cobra"

	"github.com/bulwark-authz/bulwark/cmd/bulwark/internal/decisions"
)

// decisionsOf are those of the logs on a command line. It says so when there is
// nothing in them.
func decisionsOf(cmd *cobra.Command, names []string) iter.Seq2[decisions.Entry, error] {
	return func(yield func(decisions.Entry, error) bool) {
		empty := true
		for entry, err := range decisions.Read(decisions.Logs(names, cmd.InOrStdin())...) {
			empty = false
			if !yield(entry, err) {
				return
			}
		}
		if empty {
			_, _ = fmt.Fprintln(cmd.ErrOrStderr(), "note: the log is empty")
		}
	}
}

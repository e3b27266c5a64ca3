// Bulwark allows or denies the requests that a Docker Engine gets. This is its one program: the plugin
// itself (serve), and what puts it into an engine and takes it out.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/bulwark-authz/bulwark/cmd/bulwark/internal/hint"
)

// Exit codes.
const (
	exitOK       = 0
	exitFindings = 1
	exitFault    = 2
)

// errFindings is returned by a verb that did its work, reported it, and found
// something wrong in what it was given.
var errFindings = errors.New("findings")

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// run executes one command line and returns its exit code. A command's context ends on SIGINT and SIGTERM.
func run(args []string, stdout, stderr io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	root := &cobra.Command{
		Use:               "bulwark",
		Short:             "Bulwark allows or denies the requests that a Docker Engine gets",
		SilenceErrors:     true,
		SilenceUsage:      true,
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error { return checkConfig(cmd) },
	}
	root.AddCommand(
		newAuditCommand(),
		newCheckCommand(),
		newCheckSettingsCommand(),
		newBacktestCommand(),
		newDoctorCommand(),
		newExplainCommand(),
		newInstallCommand(),
		newLearnCommand(),
		newLogsCommand(),
		newSelftestCommand(),
		newRulesCommand(),
		newServeCommand(),
		newTestCommand(),
		newUninstallCommand(),
		newVersionCommand(),
	)
	root.Version = version // in cobra's own words: a template of ours would make the program a seventh larger
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return hint.Wrap(err, "see "+cmd.CommandPath()+" --help")
	})
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	switch err := root.ExecuteContext(ctx); {
	case errors.Is(err, errFindings):
		return exitFindings
	case err != nil:
		report(stderr, err)
		return exitFault
	}
	return exitOK
}

// report says what went wrong, and on a line of its own what to do about it.
func report(stderr io.Writer, err error) {
	_, _ = fmt.Fprintf(stderr, "error: %s\n", strings.ReplaceAll(err.Error(), "\n", "\n  "))
	if advice := hint.Of(err); advice != "" {
		_, _ = fmt.Fprintf(stderr, "hint: %s\n", advice)
	}
}

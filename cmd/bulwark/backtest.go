package main

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/bulwark-authz/bulwark/cmd/bulwark/internal/backtest"
	"github.com/bulwark-authz/bulwark/cmd/bulwark/internal/decisions"
	"github.com/bulwark-authz/bulwark/cmd/bulwark/internal/hint"
	"github.com/bulwark-authz/bulwark/plugin/policy"
)

func newBacktestCommand() *cobra.Command {
	var config, output string
	cmd := &cobra.Command{
		Use:   "backtest LOG...",
		Short: "Show what another policy would have decided",
		Long: `Makes the decisions of a log again, under the policy in DIR, and shows by rule and user what would be newly
denied and what newly allowed. LOG is a decision log such as ` + decisions.DefaultLog + `, gzipped or not, and
- is the standard input. The exit code is 1 when any decision would be another.

What the log masks or leaves out is not judged again: see docs/decision-log.md.`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			write, err := backtestWriter(output)
			if err != nil {
				return err
			}
			engine, err := policy.Load(config)
			if err != nil {
				return fmt.Errorf("loading the policy: %w", err)
			}
			report, err := backtest.Run(cmd.Context(), engine, decisionsOf(cmd, args))
			if err != nil {
				return err
			}
			if err := write(cmd.OutOrStdout(), report); err != nil {
				return err
			}
			if report.Changed() {
				return errFindings
			}
			return nil
		},
	}
	configFlag(cmd.Flags(), &config)
	cmd.Flags().StringVarP(&output, "output", "o", "text", "the `FORMAT` of the report: text, json")
	return cmd
}

func backtestWriter(output string) (func(io.Writer, backtest.Report) error, error) {
	switch output {
	case "text":
		return func(out io.Writer, report backtest.Report) error { return report.Write(out) }, nil
	case "json":
		return writeBacktestJSON, nil
	}
	return nil, hint.Wrap(fmt.Errorf("unknown output format %q", output), "use one of: text, json")
}

func writeBacktestJSON(out io.Writer, report backtest.Report) error {
	text, err := json.Marshal(report)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(out, decisions.Printable(string(text)))
	return err
}

package main

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/bulwark-authz/bulwark/cmd/bulwark/internal/learn"
	"github.com/bulwark-authz/bulwark/plugin/policy"
)

func newLearnCommand() *cobra.Command {
	var config string
	cmd := &cobra.Command{
		Use:   "learn LOG...",
		Short: "Propose settings under which what was recorded passes",
		Long: `Makes the decisions of a log again, under the settings in DIR with everything enforced that they only log, and
proposes the smallest settings under which they pass: entries of params where these can do, exceptions for an
operation, a user and images where not, and at last that a rule only logs. The settings go to the standard
output, with a comment on what needs each line; a summary goes to the standard error. The exit code is 1 when
something cannot be let pass.

Read each line before you use it: what was recorded may be an attack.`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			present, err := policy.Load(config)
			if err != nil {
				return fmt.Errorf("loading the policy: %w", err)
			}
			proposal, err := learn.Run(cmd.Context(), present, decisionsOf(cmd, args), time.Now())
			if err != nil {
				return err
			}
			text, err := proposal.Settings()
			if err != nil {
				return err
			}
			if _, err := fmt.Fprint(cmd.OutOrStdout(), text); err != nil {
				return err
			}
			if err := proposal.Summary(cmd.ErrOrStderr()); err != nil {
				return err
			}
			if len(proposal.Stuck) > 0 {
				return errFindings
			}
			return nil
		},
	}
	configFlag(cmd.Flags(), &config)
	return cmd
}

package main

import (
	"github.com/spf13/cobra"

	"github.com/bulwark-authz/bulwark/cmd/bulwark/internal/selftest"
	"github.com/bulwark-authz/bulwark/plugin/policy"
)

func newSelftestCommand() *cobra.Command {
	var config, output string
	var all bool
	cmd := &cobra.Command{
		Use:   "selftest",
		Short: "Fire the known escapes at the policy as it is set here, and say which setting lets one through",
		Long: `Fires every request that a rule of Bulwark is known to deny at the policy as it is set here: no engine is asked, and
nothing is started. For each that passes it finds the setting that opened it, by taking back one setting at a time.
The exit code is 1 when a setting lets one through.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			engine, err := policy.Load(config)
			if err != nil {
				return err
			}
			report, err := selftest.Run(cmd.Context(), engine, policy.SettingLines(config))
			if err != nil {
				return err
			}
			if err := printAs(cmd.OutOrStdout(), output, report, func() string { return report.Text(all) }); err != nil {
				return err
			}
			if len(report.Passed) > 0 {
				return errFindings
			}
			return nil
		},
	}
	configFlag(cmd.Flags(), &config)
	cmd.Flags().BoolVar(&all, "all", false, "list also what a stricter profile would deny")
	outputFlag(cmd.Flags(), &output)
	return cmd
}

package main

import (
	"fmt"
	"os"
	"regexp"

	"github.com/spf13/cobra"

	"github.com/bulwark-authz/bulwark/cmd/bulwark/internal/hint"
	"github.com/bulwark-authz/bulwark/cmd/bulwark/internal/regotest"
)

func newTestCommand() *cobra.Command {
	var config, run, output string
	cmd := &cobra.Command{
		Use:   "test [DIR]",
		Short: "Run the tests and the examples of the site's own rules",
		Long: `Runs every test in the _test.rego files below rules and lib in DIR, by default the folder of --config, with the
site's data and the default params; says which lines of a rule no test reaches; and decides on the examples of the
site's rules as they are set in DIR, and on those of the built-in rules as their profiles set them.
The exit code is 1 when a test fails or an example is decided otherwise than it says.`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				config = args[0]
			}
			if _, err := os.Stat(config); err != nil {
				return hint.Wrap(fmt.Errorf("reading the site's rules: %w", err), "name the folder with settings.yaml and rules: bulwark test DIR")
			}
			if _, err := regexp.Compile(run); err != nil {
				return hint.Wrap(fmt.Errorf("--run: %w", err), "give a part of the name of a test, or a regular expression")
			}
			report, err := regotest.Run(cmd.Context(), config, run)
			if err != nil {
				return err
			}
			if err := printAs(cmd.OutOrStdout(), output, report, report.Text); err != nil {
				return err
			}
			if report.Failed() {
				return errFindings
			}
			return nil
		},
	}
	flags := cmd.Flags()
	configFlag(flags, &config)
	flags.StringVar(&run, "run", "", "run only the tests whose name `REGEXP` matches, such as data.custom.rules.team_label_test.test_deny, and no examples")
	outputFlag(flags, &output)
	return cmd
}

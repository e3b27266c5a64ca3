package main

import (
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/bulwark-authz/bulwark/cmd/bulwark/internal/catalogue"
	"github.com/bulwark-authz/bulwark/plugin/policy"
)

type checkSettingsOptions struct {
	config, output string
	schema         bool
}

func newCheckSettingsCommand() *cobra.Command {
	var o checkSettingsOptions
	cmd := &cobra.Command{
		Use:   "check-settings",
		Short: "Find the faults in this host's settings, rules and data",
		Long: `Reads the settings, and the rules and data of the site, as the plugin will, and names every fault with its file,
line and column. The exit code is 1 with a fault, and with an exception that has ended.

Without a fault it says what is in force; a notice is about a setting that changes nothing, or an exception that
ends within a fortnight.`,
		Args:              cobra.NoArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE:              func(cmd *cobra.Command, _ []string) error { return o.run(cmd) },
	}
	flags := cmd.Flags()
	configFlag(flags, &o.config)
	outputFlag(flags, &o.output)
	flags.BoolVar(&o.schema, "schema", false, "print the JSON Schema of settings.yaml on this host, for an editor, and check nothing")
	completeFlag(cmd, "output", outputs)
	return cmd
}

func (o checkSettingsOptions) run(cmd *cobra.Command) error {
	if o.schema {
		schema, err := policy.SettingsSchema(os.DirFS(o.config), o.config)
		if err != nil {
			return err
		}
		_, err = cmd.OutOrStdout().Write(schema)
		return err
	}
	var checked catalogue.Checked
	if c, err := loadCatalogue(o.config); err != nil {
		checked = catalogue.Faulty(o.config, err)
	} else {
		checked = c.Check(o.config, time.Now())
	}
	if err := printAs(cmd.OutOrStdout(), o.output, checked, checked.Text); err != nil {
		return err
	}
	if !checked.Clean() {
		return errFindings
	}
	return nil
}

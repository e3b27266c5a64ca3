package main

import (
	"github.com/spf13/cobra"

	"github.com/bulwark-authz/bulwark/cmd/bulwark/internal/install"
)

func newUninstallCommand() *cobra.Command {
	var options install.Options
	cmd := &cobra.Command{
		Use:   "uninstall",
		Short: "Take Bulwark out of this host's engine",
		Long: `Takes Bulwark out of the engine's daemon.json, reloads the engine, and removes the plugin. Settings in
/etc/bulwark and the decision log stay. Where the engine does not run, only daemon.json is changed, so that
the engine can start again.`,
		Args:    cobra.NoArgs,
		PreRunE: mustBeRoot,
		RunE: func(cmd *cobra.Command, _ []string) error {
			options.Out = cmd.OutOrStdout()
			return install.Uninstall(cmd.Context(), options)
		},
	}
	addEngineFlags(cmd, &options)
	return cmd
}

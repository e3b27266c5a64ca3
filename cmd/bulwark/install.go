package main

import (
	"errors"
	"os"

	"github.com/spf13/cobra"

	"github.com/bulwark-authz/bulwark/cmd/bulwark/internal/hint"
	"github.com/bulwark-authz/bulwark/cmd/bulwark/internal/install"
)

func newInstallCommand() *cobra.Command {
	var options install.Options
	cmd := &cobra.Command{
		Use:   "install [NAME=VALUE...]",
		Short: "Put Bulwark into this host's engine",
		Long: `Creates and enables the plugin, lists it in the engine's daemon.json, reloads the engine and verifies with
real containers that a harmless one runs and a privileged one is denied. An installed Bulwark is replaced
and keeps its settings. Whatever fails, everything is put back as it was.

NAME=VALUE is a setting as in docker plugin set, for instance BULWARK_CONFIG=/srv/bulwark or
log.source=/srv/log.`,
		PreRunE: mustBeRoot,
		RunE: func(cmd *cobra.Command, args []string) error {
			options.Settings = args
			options.Out = cmd.OutOrStdout()
			return install.Install(cmd.Context(), options)
		},
	}
	addEngineFlags(cmd, &options)
	cmd.Flags().StringVar(&options.PluginDir, "plugin-dir", "_out/plugin", "the plugin to install, as make plugin leaves it")
	return cmd
}

// addEngineFlags adds what install and uninstall have in common: which engine, and the plugin's name there.
func addEngineFlags(cmd *cobra.Command, options *install.Options) {
	flags := cmd.Flags()
	flags.StringVar(&options.Engine, "engine", "unix:///var/run/docker.sock", "the engine's address on this host")
	flags.StringVar(&options.DaemonConfig, "daemon-config", "", "the engine's daemon.json (default: the one that the engine was started with, else /etc/docker/daemon.json)")
	flags.StringVar(&options.Plugin, "name", "bulwark", "the plugin's name in the engine")
}

func mustBeRoot(*cobra.Command, []string) error {
	if os.Geteuid() != 0 {
		return hint.Wrap(errors.New("only root may change the engine's settings"), "run it with sudo")
	}
	return nil
}

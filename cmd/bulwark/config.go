package main

import (
	"os"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

const defaultConfig = "/etc/bulwark"

// configFlag adds --config, which every verb has that needs the policy of this
// host.
func configFlag(flags *pflag.FlagSet, dir *string) {
	config := os.Getenv("BULWARK_CONFIG")
	if config == "" {
		config = defaultConfig
	}
	flags.StringVar(dir, "config", config, "the `DIR` with settings.yaml, as the host sees it")
	_ = flags.SetAnnotation("config", cobra.BashCompSubdirsInDir, nil) // the flag is there
}

package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/bulwark-authz/bulwark/cmd/bulwark/internal/hint"
)

const (
	defaultConfig  = "/etc/bulwark"
	configVariable = "BULWARK_CONFIG"
)

// configFlag adds --config, which every verb has that needs the policy of this
// host.
func configFlag(flags *pflag.FlagSet, dir *string) {
	config := os.Getenv(configVariable)
	if config == "" {
		config = defaultConfig
	}
	flags.StringVar(dir, "config", config, "the `DIR` with settings.yaml, as the host sees it")
	_ = flags.SetAnnotation("config", cobra.BashCompSubdirsInDir, nil) // the flag is there
}

// missingConfig are the verbs for which the folder may be missing: serve waits
// for it, and test looks for the one that it is to test.
var missingConfig = []string{"serve", "test"}

// checkConfig refuses a folder that was named and is not there: it would count
// as one without settings. The default may be missing.
func checkConfig(cmd *cobra.Command) error {
	flag := cmd.Flags().Lookup("config")
	if flag == nil || slices.Contains(missingConfig, cmd.Name()) || !flag.Changed && os.Getenv(configVariable) == "" {
		return nil
	}
	dir := flag.Value.String()
	if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
		return nil // what else is wrong shows when it is read
	}
	by := configVariable
	if flag.Changed {
		by = "--config"
	}
	return hint.Wrap(fmt.Errorf("there is no folder %s", dir), "name the folder with settings.yaml in "+by+", or make it; it may be empty")
}

package main

import (
	"fmt"

	"github.com/spf13/cobra"
)

// version is set by the linker (see the Makefile).
var version = "unknown"

func newVersionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := fmt.Fprintf(cmd.OutOrStdout(), "bulwark version %s\n", version)
			return err
		},
	}
}

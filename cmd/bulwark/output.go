package main

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/spf13/pflag"

	"github.com/bulwark-authz/bulwark/cmd/bulwark/internal/hint"
)

// outputFlag adds -o for a verb that prints with printAs.
func outputFlag(flags *pflag.FlagSet, output *string) {
	flags.StringVarP(output, "output", "o", "text", "`FORMAT`: text or json")
}

// printAs prints a result as JSON or as text.
func printAs(out io.Writer, output string, result any, text func() string) error {
	switch output {
	case "text":
		_, err := io.WriteString(out, text())
		return err
	case "json":
		encoder := json.NewEncoder(out)
		encoder.SetIndent("", "  ")
		return encoder.Encode(result)
	}
	return hint.Wrap(fmt.Errorf("there is no output format %q", output), "use -o text or -o json")
}

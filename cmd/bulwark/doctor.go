package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/bulwark-authz/bulwark/cmd/bulwark/internal/doctor"
	"github.com/bulwark-authz/bulwark/cmd/bulwark/internal/install"
)

func newDoctorCommand() *cobra.Command {
	var engine install.Options
	var o doctor.Options
	var output string
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Look at the Bulwark of this host, and say what is wrong",
		Long: `Looks at the engine, the plugin in it, the policy in force, the settings, the log and the look-ups, and says of each
whether it is ok, what is wrong, and what to do. Changes nothing. The exit code is 1 when anything fails.

One request is made that Bulwark always denies, to see whether the engine asks it; the log shows that.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			o.Engine, o.DaemonConfig, o.Plugin = engine.Engine, engine.DaemonConfig, engine.Plugin
			if o.DefaultConfig = o.Config; !cmd.Flags().Changed("config") {
				o.Config = ""
			}
			checks, err := doctor.Examine(cmd.Context(), o)
			if err != nil {
				return err
			}
			report := doctorReport{OK: !failed(checks), Checks: checks}
			if err := printAs(cmd.OutOrStdout(), output, report, report.text); err != nil {
				return err
			}
			if !report.OK {
				return errFindings
			}
			return nil
		},
	}
	addEngineFlags(cmd, &engine)
	flags := cmd.Flags()
	configFlag(flags, &o.Config)
	flags.StringVar(&o.Socket, "socket", "", "the `PATH` of the plugin's socket, when it runs outside of the engine")
	outputFlag(flags, &output)
	return cmd
}

// doctorReport is what the doctor found.
type doctorReport struct {
	// OK is false when a check failed.
	OK     bool           `json:"ok"`
	Checks []doctor.Check `json:"checks"`
}

func failed(checks []doctor.Check) bool {
	return slices.ContainsFunc(checks, func(c doctor.Check) bool { return c.State == doctor.Fail })
}

// text is one line a check, and one beneath it on what to do.
func (r doctorReport) text() string {
	var b strings.Builder
	for _, c := range r.Checks {
		fmt.Fprintf(&b, "%-6s%s: %s\n", c.State, c.Name, indented(c.Text))
		if c.Advice != "" {
			fmt.Fprintf(&b, "      -> %s\n", indented(c.Advice))
		}
	}
	return b.String()
}

// indented keeps the lines of one check together.
func indented(text string) string { return strings.ReplaceAll(text, "\n", "\n      ") }

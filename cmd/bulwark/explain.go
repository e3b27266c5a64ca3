package main

import (
	"io"

	"github.com/spf13/cobra"

	"github.com/bulwark-authz/bulwark/cmd/bulwark/internal/decisions"
	"github.com/bulwark-authz/bulwark/cmd/bulwark/internal/explain"
	"github.com/bulwark-authz/bulwark/plugin/policy"
)

type explainOptions struct {
	config, log, output string
	all                 bool
}

func newExplainCommand() *cobra.Command {
	var o explainOptions
	cmd := &cobra.Command{
		Use:   "explain DECISION-ID | FILE",
		Short: "Say how a decision came about: which rules looked, at what, and why each fired or not",
		Long: `Decides on one request again, with the policy as it is now, and says of each rule that looks at such requests what
it read, why it fired or did not, who set its enforcement, and which exception covered it or why none did.

DECISION-ID has 16 letters and digits: whoever is denied reads it. FILE, or - for the standard input, is a line of the
decision log, an input document, or a request with method, uri and body as in the examples of a rule; nothing is
looked up in the engine for it.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			subject, err := explain.Find(args[0], o.log, cmd.InOrStdin())
			if err != nil {
				return err
			}
			engine, err := policy.Load(o.config)
			if err != nil {
				return err
			}
			explanation, err := engine.Explain(cmd.Context(), subject.Doc)
			if err != nil {
				return err
			}
			return o.print(cmd.OutOrStdout(), subject, explanation)
		},
	}
	flags := cmd.Flags()
	configFlag(flags, &o.config)
	flags.StringVar(&o.log, "log", decisions.DefaultLog, "the decision `LOG` to look the id up in")
	flags.BoolVar(&o.all, "all", false, "tell everything about every rule")
	outputFlag(flags, &o.output)
	return cmd
}

func (o explainOptions) print(out io.Writer, subject explain.Subject, explanation policy.Explanation) error {
	return printAs(out, o.output, explanation, func() string {
		text := explain.Text{Lines: policy.SettingLines(o.config), All: o.all}
		return text.Of(subject, explanation)
	})
}

package main

import (
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/bulwark-authz/bulwark/cmd/bulwark/internal/catalogue"
	"github.com/bulwark-authz/bulwark/cmd/bulwark/internal/hint"
	"github.com/bulwark-authz/bulwark/plugin/input"
	"github.com/bulwark-authz/bulwark/plugin/policy"
	"github.com/bulwark-authz/bulwark/policies/yamlschema"
)

type rulesOptions struct{ config, operation, output string }

func newRulesCommand() *cobra.Command {
	var o rulesOptions
	cmd := &cobra.Command{
		Use:   "rules",
		Short: "List the rules, and what each one does on this host",
		Long: `Lists every rule, built in or of this site, with what is done here about what it finds: it denies, only logs
(dryrun), is off, or is not asked (-) because the profile does not have it; and who set that.`,
		Args:              cobra.NoArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE:              func(cmd *cobra.Command, _ []string) error { return o.list(cmd) },
	}
	flags := cmd.Flags()
	configFlag(flags, &o.config)
	flags.StringVar(&o.operation, "operation", "", "only what is asked about an `OPERATION` of the Engine API, such as ContainerCreate")
	outputFlag(flags, &o.output)
	completeFlag(cmd, "operation", input.Operations)
	completeFlag(cmd, "output", outputs)
	cmd.AddCommand(newRulesShowCommand())
	return cmd
}

func newRulesShowCommand() *cobra.Command {
	var o rulesOptions
	cmd := &cobra.Command{
		Use:     "show RULE",
		Short:   "Tell everything about one rule",
		Long:    "Tells what a rule denies, when, why and what to do instead; its params and exceptions, and what is set here.",
		Example: "  bulwark rules show host_binds",
		Args:    cobra.ExactArgs(1),
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			return ruleNames(o.config, args), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error { return o.show(cmd, args[0]) },
	}
	flags := cmd.Flags()
	configFlag(flags, &o.config)
	outputFlag(flags, &o.output)
	completeFlag(cmd, "output", outputs)
	return cmd
}

func loadCatalogue(config string) (catalogue.Catalogue, error) {
	engine, err := policy.Load(config)
	if err != nil {
		return catalogue.Catalogue{}, err
	}
	return catalogue.Catalogue{Engine: engine, Lines: policy.SettingLines(config)}, nil
}

func (o rulesOptions) list(cmd *cobra.Command) error {
	if o.operation != "" && !slices.Contains(input.Operations(), o.operation) {
		return unknown("operation", o.operation, input.Operations(), "its name is that of the Engine API, such as ContainerCreate")
	}
	c, err := loadCatalogue(o.config)
	if err != nil {
		return err
	}
	entries := c.Entries(o.operation)
	return printAs(cmd.OutOrStdout(), o.output, entries, func() string {
		return catalogue.Table(entries) + "\n" + catalogue.Counts(entries) + "\n"
	})
}

func (o rulesOptions) show(cmd *cobra.Command, name string) error {
	c, err := loadCatalogue(o.config)
	if err != nil {
		return err
	}
	page, ok, err := c.Page(name, time.Now())
	switch {
	case !ok:
		return unknown("rule", name, c.Names(), "bulwark rules lists them")
	case err != nil:
		return err
	}
	return printAs(cmd.OutOrStdout(), o.output, page, page.Text)
}

// unknown is the error for a word that is none of the known ones.
func unknown(kind, word string, known []string, otherwise string) error {
	err := fmt.Errorf("there is no %s %q", kind, word)
	if meant := yamlschema.Nearest(word, known); meant != "" {
		return hint.Wrap(err, fmt.Sprintf("did you mean %s?", meant))
	}
	return hint.Wrap(err, otherwise)
}

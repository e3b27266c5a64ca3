package main

import (
	"github.com/spf13/cobra"

	"github.com/bulwark-authz/bulwark/plugin/policy"
)

func outputs() []string { return []string{"text", "json"} }

// completeFlag lets the shell complete a flag that has few values.
func completeFlag(cmd *cobra.Command, flag string, values func() []string) {
	complete := func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return values(), cobra.ShellCompDirectiveNoFileComp
	}
	if err := cmd.RegisterFlagCompletionFunc(flag, complete); err != nil {
		panic(err) // the command has no such flag
	}
}

// ruleNames are those of a configuration folder, or the built-in ones when
// there is a fault in it. Only the first argument is a rule.
func ruleNames(config string, args []string) []string {
	if len(args) > 0 {
		return nil
	}
	engine, err := policy.Load(config)
	if err != nil {
		engine, err = policy.New(policy.Settings{})
	}
	if err != nil {
		return nil
	}
	var names []string
	for _, rule := range engine.Rules() {
		names = append(names, rule.Name+"\t"+rule.Title)
	}
	return names
}

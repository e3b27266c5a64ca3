package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/bulwark-authz/bulwark/cmd/bulwark/internal/check"
	"github.com/bulwark-authz/bulwark/cmd/bulwark/internal/check/render"
	"github.com/bulwark-authz/bulwark/cmd/bulwark/internal/engine"
	"github.com/bulwark-authz/bulwark/cmd/bulwark/internal/hint"
	"github.com/bulwark-authz/bulwark/plugin/policy"
)

func newAuditCommand() *cobra.Command {
	var o checkOptions
	cmd := &cobra.Command{
		Use:   "audit",
		Short: "Say which containers of this host the policy would not let start",
		Long: `Looks at every container of the engine, running or not, and says whether the policy would let it start as it is.
Changes nothing. The exit code is 1 when one would be denied.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return runAudit(cmd, o) },
	}
	flags := cmd.Flags()
	configFlag(flags, &o.config)
	flags.StringVarP(&o.output, "output", "o", "text", "the `FORMAT` of the report: "+strings.Join(render.Formats(), ", "))
	flags.StringVar(&o.engine, "engine", "", "the `SOCKET` of the engine (default: DOCKER_HOST, else /run/docker.sock)")
	return cmd
}

func runAudit(cmd *cobra.Command, o checkOptions) error {
	if err := checkFormat(o.output); err != nil {
		return err
	}
	rules, err := policy.Load(o.config)
	if err != nil {
		return fmt.Errorf("loading the policy: %w", err)
	}
	socket, err := check.FindEngine(cmd.Context(), o.engine, os.Getenv("DOCKER_HOST"))
	if err == nil && socket == "" {
		err = errors.New("there is no engine to look at")
	}
	if err != nil {
		return hint.Wrap(err, "is it running, and may you use it? --engine names its socket")
	}
	if socket, err = filepath.Abs(socket); err != nil {
		return err
	}
	client, err := engine.NewClient("unix://" + socket)
	if err != nil {
		return err
	}
	containers, err := client.InspectContainers(cmd.Context())
	if err != nil {
		return err
	}
	source, err := check.Checker{Policy: rules, Engine: socket}.Containers(cmd.Context(), containers)
	if err != nil {
		return err
	}
	return conclude(cmd, o, check.Report{Sources: []check.Source{source}}, nil)
}

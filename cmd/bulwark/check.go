package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/bulwark-authz/bulwark/cmd/bulwark/internal/check"
	"github.com/bulwark-authz/bulwark/cmd/bulwark/internal/check/render"
	"github.com/bulwark-authz/bulwark/cmd/bulwark/internal/hint"
	"github.com/bulwark-authz/bulwark/plugin/policy"
)

// mostContent bounds a file to be checked, in bytes.
const mostContent = 16 << 20

type checkOptions struct{ config, output, engine string }

func newCheckCommand() *cobra.Command {
	var o checkOptions
	cmd := &cobra.Command{
		Use:   "check FILE... | check -- COMMAND...",
		Short: "Say what the policy would allow, without doing it",
		Long: `Says what the policy would allow, without doing it.

A FILE (- is the standard input) is a compose file, the body of a request to create a container, or what
docker inspect prints of containers. After --, a COMMAND such as docker run or docker compose up runs with an
engine that records what is asked for and carries nothing out.

What only an engine can tell, such as the user of an image, is read from this host's engine, if it has one.`,
		Example: `  bulwark check compose.yaml
  docker inspect web | bulwark check -
  bulwark check -o sarif compose.yaml > bulwark.sarif
  bulwark check -- docker run -v /:/host alpine
  bulwark check -- docker compose up`,
		RunE: func(cmd *cobra.Command, args []string) error { return runCheck(cmd, o, args) },
	}
	flags := cmd.Flags()
	configFlag(flags, &o.config)
	flags.StringVarP(&o.output, "output", "o", "text", "the `FORMAT` of the report: "+strings.Join(render.Formats(), ", "))
	flags.StringVar(&o.engine, "engine", "", "the `SOCKET` of the engine to look things up in, or none (default: DOCKER_HOST, else /run/docker.sock)")
	return cmd
}

func runCheck(cmd *cobra.Command, o checkOptions, args []string) error {
	if len(args) == 0 {
		return hint.Wrap(errors.New("nothing to check"), "name a file, or a command after --; see bulwark check --help")
	}
	if err := checkFormat(o.output); err != nil {
		return err
	}
	engine, err := policy.Load(o.config)
	if err != nil {
		return fmt.Errorf("loading the policy: %w", err)
	}
	socket, err := check.FindEngine(cmd.Context(), o.engine, os.Getenv("DOCKER_HOST"))
	if err != nil {
		return hint.Wrap(err, "is it running, and may you use it? --engine none checks without one")
	}
	checker := check.Checker{Policy: engine, Engine: socket}
	var result check.Report
	if cmd.ArgsLenAtDash() == 0 {
		source, fault := checker.Command(cmd.Context(), args, cmd.ErrOrStderr())
		result.Sources = append(result.Sources, source)
		return conclude(cmd, o, result, fault)
	}
	for _, name := range check.Files(args) {
		source, err := checkFile(cmd, checker, name)
		if err != nil {
			return err
		}
		result.Sources = append(result.Sources, source)
	}
	return conclude(cmd, o, result, nil)
}

func checkFormat(name string) error {
	if slices.Contains(render.Formats(), name) {
		return nil
	}
	return hint.Wrap(fmt.Errorf("unknown output format %q", name), "use one of: "+strings.Join(render.Formats(), ", "))
}

// conclude writes the report. A denial counts more than a fault: it is known.
func conclude(cmd *cobra.Command, o checkOptions, result check.Report, fault error) error {
	if fault == nil || len(result.Sources[0].Requests) > 0 {
		if err := render.Write(cmd.OutOrStdout(), o.output, result); err != nil {
			return fmt.Errorf("writing the report: %w", err)
		}
	}
	switch {
	case !result.Allowed():
		if fault != nil {
			_, _ = fmt.Fprintf(cmd.ErrOrStderr(), "note: %v\n", fault)
		}
		return errFindings
	case errors.Is(fault, exec.ErrNotFound):
		return hint.Wrap(fault, "install it, or check a file instead")
	case fault != nil:
		return fault
	}
	return nil
}

func checkFile(cmd *cobra.Command, checker check.Checker, name string) (check.Source, error) {
	in, dir := cmd.InOrStdin(), "."
	if name != "-" {
		file, err := os.Open(name)
		if err != nil {
			return check.Source{}, hint.Wrap(fmt.Errorf("reading what to check: %w", err), "a command goes after --, as in: bulwark check -- docker run alpine")
		}
		defer file.Close()
		in, dir = file, filepath.Dir(name)
	}
	content, err := io.ReadAll(io.LimitReader(in, mostContent+1))
	if err != nil {
		return check.Source{}, fmt.Errorf("reading %s: %w", name, err)
	}
	if len(content) > mostContent {
		return check.Source{}, fmt.Errorf("reading %s: it is larger than %d MiB", name, mostContent>>20)
	}
	return checker.File(cmd.Context(), name, dir, content)
}

package recorder

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

// clientLimit bounds how long a client runs. Nothing takes time that is not
// carried out.
const clientLimit = time.Minute

// ErrLimit is that a client did not end by itself.
var ErrLimit = fmt.Errorf("the command did not end within %v and was stopped", clientLimit)

// notInherited are settings that would lead a client to another engine.
var notInherited = []string{"DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_TLS", "DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH", "CONTAINER_HOST", "BUILDX_BUILDER", "BUILDKIT_HOST"}

// classicBuilder has docker and compose build with a request that can be
// answered, where they would have a conversation with BuildKit.
var classicBuilder = []string{"DOCKER_BUILDKIT=0", "COMPOSE_DOCKER_CLI_BUILD=0"}

// environment is that of a client whose engine is the recorder on a socket.
func environment(own []string, socket string) []string {
	env := slices.DeleteFunc(slices.Clone(own), func(setting string) bool {
		name, _, _ := strings.Cut(setting, "=")
		return slices.Contains(notInherited, name)
	})
	env = append(env, "DOCKER_HOST=unix://"+socket, "CONTAINER_HOST=unix://"+socket, "BUILDX_BUILDER=default")
	return append(env, classicBuilder...)
}

// RunClient runs a command with the recorder on a socket as its engine, and
// returns its exit code. What it prints goes to output.
func RunClient(ctx context.Context, socket string, args []string, output io.Writer) (int, error) {
	if err := namesEngine(args); err != nil {
		return 0, err
	}
	terminal, err := newTerminal()
	if err != nil {
		return 0, err
	}
	defer terminal.Close()
	ctx, cancel := context.WithTimeoutCause(ctx, clientLimit, ErrLimit)
	defer cancel()
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Env = environment(os.Environ(), socket)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = terminal.user, output, output
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = time.Second
	err = cmd.Run()
	if cmd.Process != nil {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // what it left running
	}
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil:
		return 0, context.Cause(ctx)
	case errors.As(err, &exit):
		return exit.ExitCode(), nil
	case err != nil && !errors.Is(err, exec.ErrWaitDelay):
		return 0, fmt.Errorf("running %s: %w", args[0], err)
	}
	return 0, nil
}

// elsewhere are options of docker that name an engine. Given one, docker does
// what it is told, there.
var elsewhere = []string{"-H", "--host", "--context", "-c", "--builder"}

// containing are docker's verbs whose last arguments are a command line of
// their own.
var containing = []string{"run", "create", "exec"}

// namesEngine refuses a docker command line that names an engine itself.
func namesEngine(args []string) error {
	if !strings.HasPrefix(filepath.Base(args[0]), "docker") {
		return nil
	}
	verb := false
	for _, arg := range args[1:] {
		option, _, _ := strings.Cut(arg, "=")
		switch {
		case slices.Contains(containing, arg):
			return nil
		case !strings.HasPrefix(arg, "-"):
			verb = true
		case verb && option == "-c": // has other meanings after a verb
		case slices.Contains(elsewhere, option),
			!strings.HasPrefix(arg, "--") && strings.Contains(option, "H"),
			!verb && !strings.HasPrefix(arg, "--") && strings.Contains(option, "c"):
			return fmt.Errorf("%s names an engine, where the command would really be carried out; leave it out", arg)
		}
	}
	return nil
}

//go:build e2e

package e2e

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// commandTimeout is more than the slowest command needs: an engine waits up to 30 s for its plugin.
const commandTimeout = 2 * time.Minute

// host is a small machine inside this one: processes, mounts and network of its own, an empty /run,
// /etc/docker, /etc/bulwark, /var/lib/docker and /var/log. Everything in it is where a user has it, and
// this machine's own engine is out of reach. When the host ends, the kernel ends all that ran or was
// mounted in it.
type host struct {
	first int    // pid of its first process, on this machine
	path  string // PATH of its commands
	home  string // HOME of its commands
}

// newHost makes a host whose programs are this machine's, found in path. It ends with the test.
func newHost(t *testing.T, path string) *host {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Fatal("a host of its own needs root: sudo make e2e")
	}
	dir := t.TempDir()
	script, err := filepath.Abs("testdata/host.sh")
	if err != nil {
		t.Fatal(err)
	}
	first := exec.Command("sh", script, dir)
	first.Stderr = os.Stderr
	first.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNS | syscall.CLONE_NEWPID | syscall.CLONE_NEWNET}
	lifeline, err := first.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := first.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := first.Start(); err != nil {
		t.Fatalf("starting a host: %v", err)
	}
	t.Cleanup(func() {
		_ = lifeline.Close()
		_ = first.Wait() // its exit status tells nothing
		removeCgroups(filepath.Join(dir, "fresh/var/lib/docker"))
	})
	if line, err := bufio.NewReader(stdout).ReadString('\n'); line != "ready\n" {
		t.Fatalf("starting a host: got %q, %v", line, err)
	}
	h := &host{first: first.Process.Pid, path: path, home: filepath.Join(dir, "home")}
	if err := os.Mkdir(h.home, 0o700); err != nil {
		t.Fatal(err)
	}
	return h
}

// file is where this machine sees the host's file at an absolute path.
func (h *host) file(path string) string {
	return filepath.Join("/proc", strconv.Itoa(h.first), "root", path)
}

// write writes a file of the host, over an old one if there is one.
func (h *host) write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(h.file(path), []byte(content), 0o644); err != nil {
		t.Fatalf("writing the host's %s: %v", path, err)
	}
}

// command is a command to be run on the host.
func (h *host) command(ctx context.Context, args ...string) *exec.Cmd {
	enter := []string{"--target", strconv.Itoa(h.first), "--mount", "--net", "--pid", "--"}
	cmd := exec.CommandContext(ctx, "nsenter", append(enter, args...)...)
	cmd.Env = []string{"PATH=" + h.path, "HOME=" + h.home}
	cmd.WaitDelay = time.Second // killing nsenter leaves what it started, which holds the output open
	return cmd
}

// result is how a command ended.
type result struct {
	stdout, stderr string
	code           int // -1 when the command was killed
}

// String is for messages of failed tests.
func (r result) String() string {
	return fmt.Sprintf("exit code %d\nstdout: %s\nstderr: %s", r.code, r.stdout, r.stderr)
}

// run runs a command on the host and waits for its end.
func (h *host) run(t *testing.T, args ...string) result {
	t.Helper()
	return h.runWith(t, "", args...)
}

// runWith is run with something on the command's standard input.
func (h *host) runWith(t *testing.T, stdin string, args ...string) result {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), commandTimeout)
	defer cancel()
	var stdout, stderr strings.Builder
	cmd := h.command(ctx, args...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(stdin), &stdout, &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatalf("running %q: %v", args, err)
	}
	return result{stdout: stdout.String(), stderr: stderr.String(), code: cmd.ProcessState.ExitCode()}
}

// removeCgroups removes the control groups of containers and plugins under an engine's data folder. An
// engine that is stopped leaves none; one that dies with its host does.
func removeCgroups(data string) {
	objects, _ := filepath.Glob(data + "/[cp]*/????????????????????????????????????????????????????????????????")
	for _, object := range objects {
		for _, pattern := range []string{"/sys/fs/cgroup/", "/sys/fs/cgroup/*/", "/sys/fs/cgroup/docker/", "/sys/fs/cgroup/*/docker/"} {
			groups, _ := filepath.Glob(pattern + filepath.Base(object))
			for _, group := range groups {
				_ = os.Remove(group) // rmdir: takes an empty group, nothing else
			}
		}
	}
}

// eventually tries until it succeeds, and fails the test with the last error when a minute was not enough.
func eventually(t *testing.T, try func() error) {
	t.Helper()
	deadline := time.After(time.Minute)
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		err := try()
		if err == nil {
			return
		}
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("after a minute: %v", err)
		}
	}
}

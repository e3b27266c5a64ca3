//go:build e2e

package e2e

import (
	"bytes"
	"context"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const (
	socket       = "/run/docker.sock"
	daemonConfig = "/etc/docker/daemon.json"
	// stopTimeout is more than an engine gives its containers and plugins to end.
	stopTimeout = 30 * time.Second
	// loggedLines of an engine's log are shown when its test fails.
	loggedLines = 60
)

// engine is a kind of Docker Engine.
type engine struct {
	name string
	path string // where its programs and its docker command line are
}

// engines lists the engines that everything is tested on.
func engines(t *testing.T) []engine {
	t.Helper()
	current := os.Getenv("BULWARK_E2E_ENGINE")
	if current == "" {
		t.Fatal("BULWARK_E2E_ENGINE must name the folder of a current engine: run make e2e")
	}
	const debian = "/usr/sbin:/usr/bin:/sbin:/bin"
	return []engine{{"20.10", debian}, {"current", current + ":/usr/local/bin:" + debian}}
}

// eachEngine runs a test once on every engine, two at a time.
func eachEngine(t *testing.T, test func(*testing.T, engine)) {
	t.Parallel()
	for _, e := range engines(t) {
		t.Run(e.name, func(t *testing.T) {
			t.Parallel()
			test(t, e)
		})
	}
}

// daemon is a Docker Engine that runs, with nothing but defaults, on a host of its own.
type daemon struct {
	*host
	log    *bytes.Buffer // complete when exited is closed
	exited chan struct{}
}

// startDaemon starts an engine on a new host. It ends with the test.
func startDaemon(t *testing.T, e engine) *daemon {
	t.Helper()
	d := &daemon{host: newHost(t, e.path)}
	d.linkCLIPlugins(t)
	d.start(t)
	t.Cleanup(func() {
		d.stop(t)
		if t.Failed() {
			lines := strings.Split(strings.TrimSpace(d.log.String()), "\n")
			t.Logf("end of the engine's log:\n%s", strings.Join(lines[max(0, len(lines)-loggedLines):], "\n"))
		}
	})
	return d
}

// linkCLIPlugins lets the docker command line find the compose and buildx that were built with the engine.
func (d *daemon) linkCLIPlugins(t *testing.T) {
	t.Helper()
	if err := os.Mkdir(filepath.Join(d.home, ".docker"), 0o700); err != nil {
		t.Fatal(err)
	}
	plugins := filepath.Join(os.Getenv("BULWARK_E2E_ENGINE"), "cli-plugins")
	if err := os.Symlink(plugins, filepath.Join(d.home, ".docker/cli-plugins")); err != nil {
		t.Fatal(err)
	}
}

// start starts the engine and waits until it has answered a request, or dropped it.
func (d *daemon) start(t *testing.T) {
	t.Helper()
	d.log, d.exited = new(bytes.Buffer), make(chan struct{})
	cmd := d.command(context.Background(), "dockerd")
	cmd.Stdout, cmd.Stderr = d.log, d.log
	if err := cmd.Start(); err != nil {
		t.Fatalf("starting the engine: %v", err)
	}
	go func(exited chan struct{}) {
		_ = cmd.Wait() // the log tells why it ended
		close(exited)
	}(d.exited)
	eventually(t, func() error {
		select {
		case <-d.exited:
			t.Fatalf("the engine ended at once:\n%s", d.log)
		default:
		}
		conn, err := net.Dial("unix", d.file(socket))
		if err == nil {
			err = conn.Close()
		}
		return err
	})
	_, _ = d.send(request{method: "GET", uri: "/_ping"}) // an engine whose plugin is broken drops it
}

// stop ends the engine as an administrator does.
func (d *daemon) stop(t *testing.T) {
	t.Helper()
	d.end(t, "TERM")
}

// crash ends the engine as a fault does: its containers and plugins go on.
func (d *daemon) crash(t *testing.T) {
	t.Helper()
	d.end(t, "KILL")
}

func (d *daemon) end(t *testing.T, signal string) {
	t.Helper()
	select {
	case <-d.exited: // by itself
		return
	default:
	}
	d.signal(t, signal)
	select {
	case <-d.exited:
	case <-time.After(stopTimeout):
		t.Fatalf("the engine does not end within %s of SIG%s", stopTimeout, signal)
	}
}

func (d *daemon) signal(t *testing.T, name string) {
	t.Helper()
	pid, err := os.ReadFile(d.file("/run/docker.pid"))
	if err != nil {
		t.Fatalf("reading the engine's pid: %v", err)
	}
	d.run(t, "sh", "-c", `kill -s "$1" "$2"`, "kill", name, strings.TrimSpace(string(pid)))
}

// docker runs the docker command line on the host.
func (d *daemon) docker(t *testing.T, args ...string) result {
	t.Helper()
	return d.run(t, append([]string{"docker"}, args...)...)
}

// mustDocker is docker, for a command that must succeed. It returns what the command printed.
func (d *daemon) mustDocker(t *testing.T, args ...string) string {
	t.Helper()
	got := d.docker(t, args...)
	if got.code != 0 {
		t.Fatalf("docker %s: %s", strings.Join(args, " "), got)
	}
	return strings.TrimSpace(got.stdout)
}

// pluginDir is the built plugin.
func pluginDir(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("BULWARK_E2E_PLUGIN")
	if _, err := exec.LookPath(filepath.Join(dir, "rootfs/bulwark")); err != nil {
		t.Fatal(errors.Join(errors.New("BULWARK_E2E_PLUGIN must name the built plugin: run make e2e"), err))
	}
	return dir
}

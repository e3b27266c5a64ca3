package main

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/docker/go-plugins-helpers/authorization"
)

// startTimeout is how long a plugin may take to listen, and to load a policy.
const startTimeout = time.Minute

// server is a plugin that runs in a process of its own.
type server struct {
	socket string
	judges bool // false for the no-op plugin
	cmd    *exec.Cmd
	stderr bytes.Buffer // complete when ended is closed
	ended  chan struct{}
}

// start starts a plugin that listens on socket, with an empty environment, and
// waits until it does.
func start(socket string, judges bool, command ...string) (*server, error) {
	s := &server{socket: socket, judges: judges, ended: make(chan struct{})}
	s.cmd = exec.Command(command[0], command[1:]...)
	s.cmd.Env, s.cmd.Stderr = []string{}, &s.stderr
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := s.cmd.Start(); err != nil {
		return nil, fmt.Errorf("starting a plugin: %w", err)
	}
	go func() {
		_ = s.cmd.Wait() // what it wrote tells why it ended
		close(s.ended)
	}()
	for deadline := time.Now().Add(startTimeout); ; time.Sleep(200 * time.Microsecond) {
		conn, err := net.Dial("unix", socket)
		if err == nil {
			return s, conn.Close()
		}
		select {
		case <-s.ended:
			return nil, fmt.Errorf("starting %s: it ended: %s", command[0], &s.stderr)
		default:
		}
		if time.Now().After(deadline) {
			s.stop()
			return nil, fmt.Errorf("starting %s: %w", command[0], err)
		}
	}
}

func (s *server) stop() {
	_ = s.cmd.Process.Kill() // fails for one that has ended
	<-s.ended
}

// memory reads a field of the kernel's account of the process, in MiB: VmRSS
// is resident now, VmHWM was at most.
func (s *server) memory(field string) (float64, error) {
	file := fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid)
	status, err := os.ReadFile(file)
	if err != nil {
		return 0, fmt.Errorf("reading a plugin's memory: %w", err)
	}
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, field+":"); ok {
			kibibytes, err := strconv.ParseFloat(strings.Fields(rest)[0], 64)
			return kibibytes / 1024, err
		}
	}
	return 0, fmt.Errorf("reading a plugin's memory: %s has no %s", file, field)
}

// ticksPerSecond is the unit of processor time that the kernel tells; on Linux
// it is the same everywhere.
const ticksPerSecond = 100

// processor is how long the process has been running on any processor.
func (s *server) processor() (time.Duration, error) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", s.cmd.Process.Pid))
	if err != nil {
		return 0, fmt.Errorf("reading a plugin's processor time: %w", err)
	}
	// What comes after the name, which may hold anything: the user and the
	// system time are fields 14 and 15 of all.
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	ticks := 0
	for _, field := range fields[11:13] {
		n, err := strconv.Atoi(field)
		if err != nil {
			return 0, fmt.Errorf("reading a plugin's processor time: %w", err)
		}
		ticks += n
	}
	return time.Duration(ticks) * time.Second / ticksPerSecond, nil
}

// bench is where the plugins are that are measured, and where they write.
type bench struct {
	bulwark, noop string // programs
	dir           string
	rounds        int
	started       []*server
}

// startNoop starts the no-op plugin.
func (b *bench) startNoop() (*server, error) {
	socket := filepath.Join(b.dir, "noop.sock")
	return b.keep(start(socket, false, b.noop, socket))
}

// folder is a configuration folder: what its files contain, by their paths.
type folder map[string]string

func (f folder) write(dir string) error {
	for name, content := range f {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// startBulwark starts Bulwark as the engine does, with a configuration, a
// decision log in a file, and no engine to look things up in. It is stopped at
// the end.
func (b *bench) startBulwark(name string, config folder) (*server, error) {
	dir := filepath.Join(b.dir, name)
	site := filepath.Join(dir, "config")
	if err := config.write(site); err != nil {
		return nil, fmt.Errorf("writing a plugin's configuration: %w", err)
	}
	socket := filepath.Join(dir, "run/b.sock")
	s, err := b.keep(start(socket, true, b.bulwark, "serve", "--socket", socket, "--config", site, "--engine", "none",
		"--log-file", filepath.Join(dir, "log/decisions.jsonl")))
	if err != nil {
		return nil, err
	}
	return s, s.awaitPolicy()
}

// awaitPolicy asks until the policy is loaded.
func (s *server) awaitPolicy() error {
	c, err := dial(s.socket)
	if err != nil {
		return err
	}
	defer c.close()
	ping := wire(authorization.AuthZApiRequest, read("HEAD", "/_ping"))
	for deadline := time.Now().Add(startTimeout); ; time.Sleep(200 * time.Microsecond) {
		_, answer, err := c.post(ping)
		if err != nil || !bytes.Contains(answer, []byte("the policy is still loading")) {
			return err
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("the policy takes more than %v to load", startTimeout)
		}
	}
}

func (b *bench) keep(s *server, err error) (*server, error) {
	if err == nil {
		b.started = append(b.started, s)
	}
	return s, err
}

// close stops everything and removes what was written.
func (b *bench) close() error {
	for _, s := range b.started {
		s.stop()
	}
	return os.RemoveAll(b.dir)
}

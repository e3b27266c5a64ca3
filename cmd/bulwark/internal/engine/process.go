package engine

import (
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

const (
	defaultPIDFile = "/var/run/docker.pid"
	// DefaultConfigFile is where an engine reads its settings unless it is told otherwise.
	DefaultConfigFile = "/etc/docker/daemon.json"
)

// Process is the engine's process.
type Process struct {
	PID  int
	Args []string // its command line
}

// FindProcess finds the engine that serves the socket: the kernel tells which process listens there.
// Where that is systemd, which keeps the socket for the engine, the engine's pid file tells. Any other
// process is refused: the signal that makes an engine reload would end it.
func FindProcess(socket string) (Process, error) {
	pid, err := listener(socket)
	if err != nil {
		return Process{}, fmt.Errorf("finding the process that listens on %s: %w", socket, err)
	}
	name, err := processName(pid)
	if err != nil {
		return Process{}, err
	}
	if name == "systemd" {
		if pid, name, err = fromPIDFile(defaultPIDFile); err != nil {
			return Process{}, err
		}
	}
	if !strings.Contains(name, "dockerd") {
		return Process{}, fmt.Errorf("process %d behind %s is %s, not dockerd", pid, socket, name)
	}
	line, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
	if err != nil {
		return Process{}, fmt.Errorf("looking at process %d: %w", pid, err)
	}
	return Process{PID: pid, Args: strings.Split(strings.TrimSuffix(string(line), "\x00"), "\x00")}, nil
}

func listener(socket string) (int, error) {
	conn, err := net.Dial("unix", socket)
	if err != nil {
		return 0, err
	}
	defer func() { _ = conn.Close() }()
	raw, err := conn.(*net.UnixConn).SyscallConn()
	if err != nil {
		return 0, err
	}
	var peer *unix.Ucred
	var failure error
	err = raw.Control(func(fd uintptr) {
		peer, failure = unix.GetsockoptUcred(int(fd), unix.SOL_SOCKET, unix.SO_PEERCRED)
	})
	if err := errors.Join(err, failure); err != nil {
		return 0, err
	}
	return int(peer.Pid), nil
}

func fromPIDFile(file string) (pid int, name string, err error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return 0, "", fmt.Errorf("finding the engine: %w", err)
	}
	if pid, err = strconv.Atoi(strings.TrimSpace(string(text))); err != nil {
		return 0, "", fmt.Errorf("reading pid file %s: %w", file, err)
	}
	name, err = processName(pid)
	return pid, name, err
}

func processName(pid int) (string, error) {
	name, err := os.ReadFile(fmt.Sprintf("/proc/%d/comm", pid))
	if err != nil {
		return "", fmt.Errorf("looking at process %d: %w", pid, err)
	}
	return strings.TrimSpace(string(name)), nil
}

// Flag returns the value of a flag of the engine's command line, or "" where it is not given.
func (p Process) Flag(name string) string {
	for i, arg := range p.Args {
		if value, ok := strings.CutPrefix(arg, "--"+name+"="); ok {
			return value
		}
		if arg == "--"+name && i+1 < len(p.Args) {
			return p.Args[i+1]
		}
	}
	return ""
}

// ConfigFile is the daemon.json that the engine reads.
func (p Process) ConfigFile() string {
	if file := p.Flag("config-file"); file != "" {
		return file
	}
	return DefaultConfigFile
}

// Reload makes the engine read its settings again.
func (p Process) Reload() error {
	if err := syscall.Kill(p.PID, syscall.SIGHUP); err != nil {
		return fmt.Errorf("telling the engine (process %d) to reload: %w", p.PID, err)
	}
	return nil
}

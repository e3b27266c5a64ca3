// Package sandbox takes from the process what Bulwark does not need: every
// capability but the one to read all files, the way to get new ones, and
// writing anywhere but beneath a few directories.
package sandbox

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// keep is the one capability that stays: host paths are resolved in
// directories that only their owner may enter.
const keep = unix.CAP_DAC_READ_SEARCH

// marker is the environment variable that tells the restarted program that it
// is confined. Its value starts with the process id, which stays the same
// through a restart, so that no other process can inherit it.
const marker = "BULWARK_CONFINED"

// Status says what confines the process.
type Status struct {
	// Landlock is the version of the kernel's Landlock interface, 0 when the
	// kernel has none and files are protected by their modes alone.
	Landlock int
}

// Confine restricts the process for good and to writing beneath the existing
// directories named. It does not return at first: a thread can only confine
// itself, and a Go program has many, so the calling one does and then starts
// the program anew, with the same arguments and process id. In there Confine
// returns at once, after a look that the restrictions hold.
func Confine(writable ...string) (Status, error) {
	if status, ok := confined(os.Getenv(marker)); ok {
		return status, verify()
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	status, err := confineThread(writable)
	if err != nil {
		return Status{}, fmt.Errorf("confining the process: %w", err)
	}
	if err := os.Setenv(marker, fmt.Sprintf("%d:%d", os.Getpid(), status.Landlock)); err != nil {
		return Status{}, fmt.Errorf("confining the process: %w", err)
	}
	err = syscall.Exec("/proc/self/exe", os.Args, os.Environ())
	return Status{}, fmt.Errorf("starting the confined program from /proc/self/exe: %w", err)
}

// confined reads the marker.
func confined(value string) (Status, bool) {
	pid, landlock, ok := strings.Cut(value, ":")
	version, err := strconv.Atoi(landlock)
	return Status{Landlock: version}, ok && err == nil && pid == strconv.Itoa(os.Getpid())
}

func confineThread(writable []string) (Status, error) {
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return Status{}, fmt.Errorf("setting no_new_privs: %w", err)
	}
	version, err := restrictWrites(writable)
	if err != nil {
		return Status{}, fmt.Errorf("restricting writes with Landlock: %w", err)
	}
	return Status{Landlock: version}, dropCapabilities()
}

// verify makes sure that the restart kept what was set.
func verify() error {
	value, err := unix.PrctlRetInt(unix.PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0)
	if err != nil || value != 1 {
		return errors.New("confining the process: no_new_privs is not in force after the restart")
	}
	held, err := capabilities()
	if err != nil {
		return err
	}
	if held.permitted()&^(1<<keep) != 0 {
		return fmt.Errorf("confining the process: capabilities %#x are still held after the restart", held.permitted())
	}
	return nil
}

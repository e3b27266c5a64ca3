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

// call makes a system call on one or on all threads; they must all get the same
// answer.
type call func(trap, a1, a2, a3 uintptr) (r1, r2 uintptr, err syscall.Errno)

// Confine restricts the process for good and to writing beneath the existing
// directories named. A thread can only confine itself, and a Go program has
// many. Without cgo the runtime makes each of them do so. With cgo Confine does
// not return at first: the calling thread confines itself and starts the program
// anew, with the same arguments and process id. In there Confine returns at once.
// Either way it looks whether the restrictions hold for the calling thread.
func Confine(writable ...string) (Status, error) {
	if status, ok := confined(os.Getenv(marker)); ok {
		return status, verify()
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if _, _, err := syscall.AllThreadsSyscall(unix.SYS_GETPID, 0, 0, 0); err == 0 {
		status, err := confineBy(syscall.AllThreadsSyscall, writable)
		if err != nil {
			return Status{}, fmt.Errorf("confining the process: %w", err)
		}
		return status, verify()
	}
	status, err := confineBy(syscall.RawSyscall, writable)
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

func confineBy(do call, writable []string) (Status, error) {
	if _, _, err := do(unix.SYS_PRCTL, unix.PR_SET_NO_NEW_PRIVS, 1, 0); err != 0 {
		return Status{}, fmt.Errorf("setting no_new_privs: %w", err)
	}
	version, err := restrictWrites(do, writable)
	if err != nil {
		return Status{}, fmt.Errorf("restricting writes with Landlock: %w", err)
	}
	return Status{Landlock: version}, dropCapabilities(do)
}

// verify makes sure that what was set is in force on this thread; a test looks at
// all of them.
func verify() error {
	value, err := unix.PrctlRetInt(unix.PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0)
	if err != nil || value != 1 {
		return errors.New("confining the process: no_new_privs is not in force")
	}
	held, err := capabilities()
	if err != nil {
		return err
	}
	if held.permitted()&^(1<<keep) != 0 {
		return fmt.Errorf("confining the process: capabilities %#x are still held", held.permitted())
	}
	return nil
}

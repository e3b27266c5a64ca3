package sandbox

import (
	"fmt"
	"unsafe"

	"golang.org/x/sys/unix"
)

// sets are the capability sets of the calling thread, in two halves of 32.
type sets [2]unix.CapUserData

func (s sets) permitted() uint64 {
	return uint64(s[1].Permitted)<<32 | uint64(s[0].Permitted)
}

func capabilities() (sets, error) {
	var held sets
	if err := unix.Capget(header, &held[0]); err != nil {
		return sets{}, fmt.Errorf("reading the capabilities: %w", err)
	}
	return held, nil
}

// What threads read while they make a system call must not move, as variables of
// a function may.
var (
	header = &unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	left   sets
)

// dropCapabilities leaves a thread keep, if it had that. What an exec would give
// back to root goes first, while the thread may still do that.
func dropCapabilities(do call) error {
	if err := emptyBoundingSet(do); err != nil {
		return err
	}
	held, err := capabilities()
	if err != nil {
		return err
	}
	left[keep/32].Permitted = held[keep/32].Permitted & (1 << (keep % 32))
	left[keep/32].Effective = left[keep/32].Permitted
	left[keep/32].Inheritable = left[keep/32].Permitted
	if _, _, err := do(unix.SYS_CAPSET, uintptr(unsafe.Pointer(header)), uintptr(unsafe.Pointer(&left[0])), 0); err != 0 {
		return fmt.Errorf("giving up capabilities: %w", err)
	}
	// A user other than root keeps a capability through an exec only this way.
	// It fails where the capability is not held, which is fine.
	_, _, _ = do(unix.SYS_PRCTL, unix.PR_CAP_AMBIENT, unix.PR_CAP_AMBIENT_RAISE, keep)
	return nil
}

// emptyBoundingSet needs a capability itself. Where that is missing,
// no_new_privs alone keeps an exec from giving anything back.
func emptyBoundingSet(do call) error {
	for capability := uintptr(0); ; capability++ {
		if capability == keep {
			continue
		}
		switch _, _, err := do(unix.SYS_PRCTL, unix.PR_CAPBSET_DROP, capability, 0); err {
		case 0:
		case unix.EINVAL, unix.EPERM:
			return nil // past the last one that this kernel knows, or not allowed
		default:
			return fmt.Errorf("dropping capability %d: %w", capability, err)
		}
	}
}

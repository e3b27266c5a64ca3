package sandbox

import (
	"errors"
	"fmt"

	"golang.org/x/sys/unix"
)

// sets are the capability sets of the calling thread, in two halves of 32.
type sets [2]unix.CapUserData

func (s sets) permitted() uint64 {
	return uint64(s[1].Permitted)<<32 | uint64(s[0].Permitted)
}

func capabilities() (sets, error) {
	var held sets
	if err := unix.Capget(header(), &held[0]); err != nil {
		return sets{}, fmt.Errorf("reading the capabilities: %w", err)
	}
	return held, nil
}

func header() *unix.CapUserHeader {
	return &unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
}

// dropCapabilities leaves the calling thread keep, if it had that. What an
// exec would give back to root goes first, while the thread may still do that.
func dropCapabilities() error {
	if err := emptyBoundingSet(); err != nil {
		return err
	}
	held, err := capabilities()
	if err != nil {
		return err
	}
	var left sets
	left[keep/32].Permitted = held[keep/32].Permitted & (1 << (keep % 32))
	left[keep/32].Effective = left[keep/32].Permitted
	left[keep/32].Inheritable = left[keep/32].Permitted
	if err := unix.Capset(header(), &left[0]); err != nil {
		return fmt.Errorf("giving up capabilities: %w", err)
	}
	// A user other than root keeps a capability through an exec only this way.
	// It fails where the capability is not held, which is fine.
	_ = unix.Prctl(unix.PR_CAP_AMBIENT, unix.PR_CAP_AMBIENT_RAISE, keep, 0, 0)
	return nil
}

// emptyBoundingSet needs a capability itself. Where that is missing,
// no_new_privs alone keeps an exec from giving anything back.
func emptyBoundingSet() error {
	for capability := uintptr(0); ; capability++ {
		if capability == keep {
			continue
		}
		err := unix.Prctl(unix.PR_CAPBSET_DROP, capability, 0, 0, 0)
		if errors.Is(err, unix.EINVAL) || errors.Is(err, unix.EPERM) {
			return nil // past the last one that this kernel knows, or not allowed
		}
		if err != nil {
			return fmt.Errorf("dropping capability %d: %w", capability, err)
		}
	}
}

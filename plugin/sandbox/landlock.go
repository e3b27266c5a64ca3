package sandbox

import (
	"fmt"
	"unsafe"

	"golang.org/x/sys/unix"
)

// writes are the ways to change files, by the Landlock version that can
// restrict them. Reading and connecting to sockets stay as they are.
var writes = []struct {
	since  int
	access uint64
}{
	{1, unix.LANDLOCK_ACCESS_FS_WRITE_FILE |
		unix.LANDLOCK_ACCESS_FS_REMOVE_DIR |
		unix.LANDLOCK_ACCESS_FS_REMOVE_FILE |
		unix.LANDLOCK_ACCESS_FS_MAKE_CHAR |
		unix.LANDLOCK_ACCESS_FS_MAKE_DIR |
		unix.LANDLOCK_ACCESS_FS_MAKE_REG |
		unix.LANDLOCK_ACCESS_FS_MAKE_SOCK |
		unix.LANDLOCK_ACCESS_FS_MAKE_FIFO |
		unix.LANDLOCK_ACCESS_FS_MAKE_BLOCK |
		unix.LANDLOCK_ACCESS_FS_MAKE_SYM},
	{2, unix.LANDLOCK_ACCESS_FS_REFER},
	{3, unix.LANDLOCK_ACCESS_FS_TRUNCATE},
	{5, unix.LANDLOCK_ACCESS_FS_IOCTL_DEV},
}

// restrictWrites lets threads change files beneath the directories
// only. It returns the kernel's Landlock version, 0 if it has none or keeps it
// from the process.
func restrictWrites(do call, directories []string) (int, error) {
	version, _, errno := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, 0, 0, unix.LANDLOCK_CREATE_RULESET_VERSION)
	if errno != 0 {
		return 0, nil
	}
	access := uint64(0)
	for _, w := range writes {
		if w.since <= int(version) {
			access |= w.access
		}
	}
	ruleset, err := createRuleset(access)
	if err != nil {
		return 0, err
	}
	defer unix.Close(ruleset)
	for _, directory := range directories {
		if err := allowBeneath(ruleset, directory, access); err != nil {
			return 0, err
		}
	}
	if _, _, errno := do(unix.SYS_LANDLOCK_RESTRICT_SELF, uintptr(ruleset), 0, 0); errno != 0 {
		return 0, fmt.Errorf("applying the rules: %w", errno)
	}
	return int(version), nil
}

func createRuleset(access uint64) (int, error) {
	attr := unix.LandlockRulesetAttr{Handled_access_fs: access}
	// The size of the first member alone: every version knows that one.
	fd, _, errno := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET,
		uintptr(unsafe.Pointer(&attr)), unsafe.Sizeof(attr.Handled_access_fs), 0)
	if errno != 0 {
		return 0, fmt.Errorf("creating the rules: %w", errno)
	}
	return int(fd), nil
}

func allowBeneath(ruleset int, directory string, access uint64) error {
	parent, err := unix.Open(directory, unix.O_PATH|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return fmt.Errorf("opening directory %s: %w", directory, err)
	}
	defer unix.Close(parent)
	attr := unix.LandlockPathBeneathAttr{Allowed_access: access, Parent_fd: int32(parent)}
	_, _, errno := unix.Syscall6(unix.SYS_LANDLOCK_ADD_RULE, uintptr(ruleset),
		unix.LANDLOCK_RULE_PATH_BENEATH, uintptr(unsafe.Pointer(&attr)), 0, 0, 0)
	if errno != 0 {
		return fmt.Errorf("allowing writes beneath %s: %w", directory, errno)
	}
	return nil
}

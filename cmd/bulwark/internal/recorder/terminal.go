package recorder

import (
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// terminal is where a client believes its user to be: docker run -it asks for
// one. Nothing is typed there but the end of the input.
type terminal struct{ keyboard, user *os.File }

func newTerminal() (*terminal, error) {
	keyboard, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		return nil, fmt.Errorf("opening a terminal for the command: %w", err)
	}
	user, err := openOther(keyboard)
	if err != nil {
		_ = keyboard.Close()
		return nil, fmt.Errorf("opening a terminal for the command: %w", err)
	}
	const endOfInput = 4 // Ctrl-D
	_, _ = keyboard.Write([]byte{endOfInput})
	return &terminal{keyboard: keyboard, user: user}, nil
}

// openOther opens the side of a pseudo-terminal that a program sees.
func openOther(keyboard *os.File) (*os.File, error) {
	fd := int(keyboard.Fd())
	if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
		return nil, err
	}
	number, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err != nil {
		return nil, err
	}
	return os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|unix.O_NOCTTY, 0)
}

// Close closes both sides.
func (t *terminal) Close() {
	_ = t.user.Close()
	_ = t.keyboard.Close()
}

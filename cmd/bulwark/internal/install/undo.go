package install

import (
	"context"
	"errors"
	"fmt"
	"time"
)

const undoTimeout = 2 * time.Minute

// undo remembers how to take back what was done.
type undo struct {
	steps []undoStep
}

type undoStep struct {
	what string
	do   func(context.Context) error
}

func (u *undo) add(what string, do func(context.Context) error) {
	u.steps = append(u.steps, undoStep{what, do})
}

// run takes everything back, the last step first, and returns why it was needed, joined with what could
// not be taken back. It also works after ctx has ended, by Ctrl-C for instance.
func (u *undo) run(ctx context.Context, cause error, say sayFunc) error {
	if len(u.steps) == 0 {
		return cause
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), undoTimeout)
	defer cancel()
	say("failed: %v", cause)
	failures := []error{cause}
	for i := len(u.steps) - 1; i >= 0; i-- {
		step := u.steps[i]
		if err := step.do(ctx); err != nil {
			failures = append(failures, fmt.Errorf("putting back (%s): %w", step.what, err))
			continue
		}
		say("put back: %s", step.what)
	}
	if len(failures) == 1 {
		say("everything is as it was before")
	}
	return errors.Join(failures...)
}

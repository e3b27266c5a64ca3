package plugin

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"
	"time"

	"github.com/docker/go-plugins-helpers/authorization"

	"github.com/bulwark-authz/bulwark/plugin/input"
	"github.com/bulwark-authz/bulwark/plugin/policy"
)

// The reasons to refuse that are Bulwark's own.
var (
	errLoading = errors.New("the policy is still loading; try again in a moment")
	errBusy    = errors.New("too many requests at once; try again in a moment")
	errTimeout = errors.New("the decision took too long; try again, and if it happens again, show an administrator of the host this text")
	errPanic   = errors.New("Bulwark failed on this request, which is a fault in Bulwark; show an administrator of the host this text")
)

// awaitPolicy waits for the first policy, but not for long.
func (a *Authorizer) awaitPolicy() {
	if a.loading == nil {
		return
	}
	select {
	case <-a.loading:
		return
	default:
	}
	select {
	case <-a.loading:
	case <-time.After(loadingPatience):
	}
}

// judge considers a request for as long as ctx allows. A rule can be in the
// middle of something that nothing interrupts, a regular expression over a
// long text, so the work has its own goroutine. That keeps its place at the
// gate until it ends: slow requests delay others, and never pile up.
func (a *Authorizer) judge(ctx context.Context, req authorization.Request) *verdict {
	v, done := new(verdict), make(chan struct{})
	elsewhere(func() {
		defer close(done)
		defer func() {
			if cause := recover(); cause != nil {
				*v = verdict{doc: outline(req), err: newPanicError(cause)}
			}
		}()
		*v = a.consider(ctx, req)
		if v.err != nil && ctx.Err() != nil && !errors.Is(v.err, errBusy) {
			v.err = timeout(v.err)
		}
	})
	select {
	case <-done:
		return v
	case <-ctx.Done():
	}
	select {
	case <-done: // what heeds ctx has its own reason to give
		return v
	case <-time.After(lastWord):
		return &verdict{doc: outline(req), err: errTimeout}
	}
}

// timeout says at which rule the time was over, where that is known.
func timeout(err error) error {
	if at := new(policy.InterruptedError); errors.As(err, &at) {
		return fmt.Errorf("%w; the time was over at the rule %s", errTimeout, at.Rule)
	}
	return errTimeout
}

// lastWord is how long a decision may take to notice that its time is over.
const lastWord = 50 * time.Millisecond

// outline says of a request what needs no understanding of it, for the log.
func outline(req authorization.Request) input.Document {
	path, _, _ := strings.Cut(req.RequestURI, "?")
	return input.Document{
		User:   input.User{Name: req.User, Method: req.UserAuthNMethod},
		Method: req.RequestMethod,
		Path:   path,
	}
}

// panicError is errPanic to the user, and all of it to the log.
type panicError struct {
	cause any
	stack []byte
}

// newPanicError must be called while the panic's stack is still there.
func newPanicError(cause any) *panicError {
	const enough = 16 << 10
	stack := debug.Stack()
	return &panicError{cause: cause, stack: stack[:min(len(stack), enough)]}
}

func (e *panicError) Error() string { return fmt.Sprintf("panic: %v", e.cause) }
func (e *panicError) Unwrap() error { return errPanic }

// gate lets as many through at once as it has capacity.
type gate chan struct{}

// enter waits for a place; false means that ctx ended first.
func (g gate) enter(ctx context.Context) bool {
	select {
	case g <- struct{}{}:
		return true
	case <-ctx.Done():
		return false
	}
}

func (g gate) leave() { <-g }

// do works at the gate; errBusy means that there was no place in time.
func (g gate) do(ctx context.Context, work func() error) error {
	if !g.enter(ctx) {
		return errBusy
	}
	defer g.leave()
	return work()
}

// maxIdle is how many goroutines wait for more work.
const maxIdle = 8

var (
	idle       = make(chan func())
	idlePlaces = make(gate, maxIdle)
)

// elsewhere does work in another goroutine, one that has done some before if
// there is one: its stack has grown already.
func elsewhere(work func()) {
	select {
	case idle <- work:
		return
	default:
	}
	go func() {
		for work != nil {
			work()
			work = nil
			select {
			case idlePlaces <- struct{}{}:
				work = <-idle
				idlePlaces.leave()
			default:
			}
		}
	}()
}

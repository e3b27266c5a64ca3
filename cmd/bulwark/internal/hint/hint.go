// Package hint gives an error a sentence on what to do about it.
package hint

import "errors"

// Error is an error and what to do about it.
type Error struct {
	Err  error
	Hint string
}

func (e *Error) Error() string { return e.Err.Error() }
func (e *Error) Unwrap() error { return e.Err }

// Wrap adds a hint to an error; a nil error stays nil.
func Wrap(err error, hint string) error {
	if err == nil {
		return nil
	}
	return &Error{Err: err, Hint: hint}
}

// Of returns the hint of an error, or "".
func Of(err error) string {
	var hinted *Error
	if errors.As(err, &hinted) {
		return hinted.Hint
	}
	return ""
}

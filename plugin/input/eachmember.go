package input

import (
	"bytes"
	"errors"
	"reflect"
)

// ErrTooMuch is that of an object that is well-formed, and has more values or
// levels than any client sends.
var ErrTooMuch = errors.New("it has too many values, or too many levels of them")

// EachMember reads a JSON object as strictly as a body, null like an empty one,
// and hands on each member: its key, and its value as it is written. It ends at
// the first error.
func EachMember(object []byte, each func(key string, value []byte) error) error {
	s := scanner{data: object, path: make([]step, 0, usualDepth), roomy: true}
	s.space()
	if string(bytes.TrimSpace(object)) == "null" {
		return nil
	}
	if s.peek() != '{' {
		return errors.New("it is no JSON object")
	}
	s.enter()
	for first := true; s.more(first, '}'); first = false {
		key, ok := s.key()
		start := s.pos
		if !ok || !s.value(anything, reflect.Value{}) {
			break
		}
		if err := each(string(key), object[start:s.pos]); err != nil {
			return err
		}
	}
	s.space()
	switch {
	case s.refused == AnomalyJSON, s.refused == "" && s.pos < len(object):
		return syntaxError(object)
	case s.refused != "":
		return ErrTooMuch
	}
	return nil
}

package input

import (
	"bytes"
	"reflect"
)

// edit replaces a part of a document by itself up to cut, between two others.
type edit struct {
	start, cut, end int
	before, after   string
}

// cutVariable leaves out the value of an environment variable: no rule may see
// it, and it can be most of a request. A "=" is never part of an escape.
func (s *scanner) cutVariable(start int, into reflect.Value) {
	raw := s.data[start:s.pos]
	at := bytes.IndexByte(raw, '=')
	switch {
	case raw[0] == '"' && at >= 0:
		s.edits = append(s.edits, edit{start: start, cut: start + at + 1, end: s.pos, after: `"`})
		s.fillText(into, raw[:at+1])
	case raw[0] == '"':
		s.fillText(into, raw[:len(raw)-1])
	default:
		s.fillLiteral(into, raw)
	}
}

// normalised is the body with every list spelt as a list, and without the
// values of environment variables.
func (s *scanner) normalised() []byte {
	if len(s.edits) == 0 {
		return s.data
	}
	var out []byte
	last := 0
	for _, e := range s.edits {
		out = append(append(out, s.data[last:e.start]...), e.before...)
		out = append(append(out, s.data[e.start:e.cut]...), e.after...)
		last = e.end
	}
	return append(out, s.data[last:]...)
}

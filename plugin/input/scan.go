package input

import (
	"encoding/binary"
	"encoding/json"
	"math/bits"
	"unicode/utf16"
	"unicode/utf8"
)

// The parts of a scanner that read tokens, as encoding/json does: a fuzz test
// compares the two.

// peek is the next byte, 0 at the end.
func (s *scanner) peek() byte {
	if s.pos < len(s.data) {
		return s.data[s.pos]
	}
	return 0
}

func (s *scanner) space() {
	for s.pos < len(s.data) && (s.data[s.pos] == ' ' || s.data[s.pos] == '\n' || s.data[s.pos] == '\t' || s.data[s.pos] == '\r') {
		s.pos++
	}
}

// key reads a key and the colon after it, and returns it decoded.
func (s *scanner) key() ([]byte, bool) {
	if s.peek() != '"' {
		return nil, s.refuse(AnomalyJSON)
	}
	raw, escaped, ok := s.text()
	if !ok {
		return nil, false
	}
	if s.space(); s.peek() != ':' {
		return nil, s.refuse(AnomalyJSON)
	}
	s.pos++
	s.space()
	if !escaped {
		return raw[1 : len(raw)-1], true
	}
	var key string
	_ = json.Unmarshal(raw, &key) // valid, as has just been seen
	return []byte(key), true
}

// text reads a string and returns it as it is written.
func (s *scanner) text() (raw []byte, escaped, ok bool) {
	start := s.pos
	s.surrogate = false
	for s.pos++; ; s.pos++ {
		s.ordinary()
		switch c := s.peek(); {
		case c == '"':
			s.pos++
			raw = s.data[start:s.pos]
			if s.surrogate && hasLoneSurrogate(raw) {
				s.odd(AnomalyText, "the body has half of a surrogate pair")
			}
			return raw, escaped, true
		case c == '\\':
			if escaped = true; !s.escape() {
				return nil, false, s.refuse(AnomalyJSON)
			}
		case c < ' ':
			return nil, false, s.refuse(AnomalyJSON)
		case c >= utf8.RuneSelf:
			s.foreign = true
		}
	}
}

// ordinary skips ASCII that is neither a quote, a backslash nor a control
// character, eight bytes at a time.
func (s *scanner) ordinary() {
	const low, high = 0x0101010101010101, 0x8080808080808080
	below := func(w, c uint64) uint64 { return (w - low*c) &^ w } // marks bytes < c, and others after those
	for s.pos+8 <= len(s.data) {
		w := binary.LittleEndian.Uint64(s.data[s.pos:])
		marks := (w | below(w, ' ') | below(w^low*'"', 1) | below(w^low*'\\', 1)) & high
		s.pos += bits.TrailingZeros64(marks) / 8
		if marks != 0 {
			return
		}
	}
}

// escape goes to the last byte of an escape.
func (s *scanner) escape() bool {
	s.pos++
	switch s.peek() {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return true
	case 'u':
		if len(s.data)-s.pos <= 4 {
			return false
		}
		r, ok := hex(s.data[s.pos+1 : s.pos+5])
		s.surrogate = s.surrogate || utf16.IsSurrogate(r)
		s.pos += 4
		return ok
	}
	return false
}

// hex reads the digits of an escape.
func hex(digits []byte) (r rune, ok bool) {
	for _, c := range digits {
		switch {
		case '0' <= c && c <= '9':
			c -= '0'
		case 'a' <= c && c <= 'f':
			c -= 'a' - 10
		case 'A' <= c && c <= 'F':
			c -= 'A' - 10
		default:
			return 0, false
		}
		r = r<<4 | rune(c)
	}
	return r, true
}

// literal reads a number, true, false or null.
func (s *scanner) literal() bool {
	switch s.peek() {
	case 't':
		return s.word("true")
	case 'f':
		return s.word("false")
	case 'n':
		return s.word("null")
	case '-':
		s.pos++
	}
	if s.peek() == '0' {
		s.pos++
	} else if !s.digits() {
		return false
	}
	if s.peek() == '.' {
		if s.pos++; !s.digits() {
			return false
		}
	}
	if c := s.peek(); c == 'e' || c == 'E' {
		s.pos++
		if c := s.peek(); c == '+' || c == '-' {
			s.pos++
		}
		return s.digits()
	}
	return true
}

func (s *scanner) word(word string) bool {
	if len(s.data)-s.pos < len(word) || string(s.data[s.pos:s.pos+len(word)]) != word {
		return s.refuse(AnomalyJSON)
	}
	s.pos += len(word)
	return true
}

func (s *scanner) digits() bool {
	start := s.pos
	for '0' <= s.peek() && s.peek() <= '9' {
		s.pos++
	}
	return s.pos > start || s.refuse(AnomalyJSON)
}

// hasLoneSurrogate looks into a valid string.
func hasLoneSurrogate(raw []byte) bool {
	var before rune
	for i := 0; i < len(raw); i++ {
		var now rune
		if raw[i] == '\\' {
			if raw[i+1] == 'u' {
				now, _ = hex(raw[i+2 : i+6])
				i += 4
			}
			i++
		}
		pair := utf16.DecodeRune(before, now) != utf8.RuneError
		switch {
		case pair:
			now = 0
		case utf16.IsSurrogate(before):
			return true
		}
		before = now
	}
	return utf16.IsSurrogate(before)
}

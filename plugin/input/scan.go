package input

import (
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// The parts of a scanner that read a valid document's tokens.

// text reads a string and returns it as encoding/json decodes it.
func (s *scanner) text() string {
	start := s.pos
	escaped := false
	for s.pos++; s.data[s.pos] != '"'; s.pos++ {
		if s.data[s.pos] == '\\' {
			escaped = true
			s.pos++
		}
	}
	s.pos++
	raw := s.data[start:s.pos]
	if !escaped {
		return string(raw[1 : len(raw)-1])
	}
	if hasLoneSurrogate(raw) {
		s.odd(AnomalyText, "the body has half of a surrogate pair")
	}
	var text string
	_ = json.Unmarshal(raw, &text) // valid, as the whole document is
	return text
}

func (s *scanner) literal() {
	for s.pos < len(s.data) && !strings.ContainsRune(",]} \t\r\n", rune(s.data[s.pos])) {
		s.pos++
	}
}

func (s *scanner) space() {
	for s.pos < len(s.data) && strings.IndexByte(" \t\r\n", s.data[s.pos]) >= 0 {
		s.pos++
	}
}

func (s *scanner) comma() {
	if s.space(); s.data[s.pos] == ',' {
		s.pos++
	}
}

func hasLoneSurrogate(raw []byte) bool {
	var before rune
	for i := 0; i < len(raw); i++ {
		var now rune
		if raw[i] == '\\' {
			if raw[i+1] == 'u' {
				n, _ := strconv.ParseUint(string(raw[i+2:i+6]), 16, 32)
				now = rune(n)
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

// extent is how deep the objects and lists of a valid document go, and how many
// values they hold, give or take the empty ones.
func extent(doc []byte) (deepest, count int) {
	depth, quoted := 0, false
	for i := 0; i < len(doc); i++ {
		switch c := doc[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			depth++
			count++
			deepest = max(deepest, depth)
		case c == ',':
			count++
		case c == '}' || c == ']':
			depth--
		}
	}
	return deepest, count
}

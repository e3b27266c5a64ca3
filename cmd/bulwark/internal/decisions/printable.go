package decisions

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// Printable is a text of a log as one line that no terminal acts on: somebody
// else may have written it.
func Printable(text string) string {
	if utf8.ValidString(text) && !strings.ContainsFunc(text, isControl) {
		return text
	}
	var b strings.Builder
	for _, r := range text {
		escape(&b, r)
	}
	return b.String()
}

// isControl reports whether a terminal may act on a character, or show another
// in its place.
func isControl(r rune) bool { return !unicode.IsPrint(r) }

// escape writes a character, or its number as in JSON: there it is the same
// text, since what does not print stands in texts only.
func escape(b *strings.Builder, r rune) {
	switch {
	case !isControl(r):
		b.WriteRune(r)
	case r > 0xffff:
		high, low := utf16.EncodeRune(r)
		_, _ = fmt.Fprintf(b, `\u%04x\u%04x`, high, low)
	default:
		_, _ = fmt.Fprintf(b, `\u%04x`, r)
	}
}

package decisionlog

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

const masked = "***"

// visible says whether a text may be seen; name is that of the parameter, the
// label or the option, else the key that it stands under.
type visible func(name, text string) bool

// The log shows texts by where they stand in a document. Where a text is
// hidden, the shape stays, so that rules find what they found.
var (
	hidden = visible(func(_, text string) bool { return text == "" })
	// The values of a query, of labels and of options can be anything, so only
	// those are shown that cannot be a secret.
	parameters = visible(func(name, text string) bool { return harmless[name] || isPlain(text) })
	settings   = parameters
	labels     = visible(func(name, text string) bool { return isPlain(text) || isLabel(text) && !isSensitive(name) })
)

// harmless are parameters and options that rules read and that are no secret.
var harmless = map[string]bool{"ps_args": true, "tag": true, "type": true}

// sensitive are the names of what is not to be shown.
var sensitive = []string{"pass", "secret", "token", "key", "auth", "cred", "private"}

// isSensitive reports whether a name has one of those in it, in any letter case.
func isSensitive(name string) bool {
	name = strings.ReplaceAll(strings.ToLower(name), "\u017f", "s") // the long s, which has no case
	return slices.ContainsFunc(sensitive, func(part string) bool { return strings.Contains(name, part) })
}

// objects and lists say by its key what is seen of an object or a list. In an
// object of another kind, or without a key here, everything is seen.
var (
	objects = map[string]visible{
		"query": parameters, "labels": labels, "Labels": labels,
		"Annotations": settings, "Config": settings, "DriverOpts": settings, "Options": settings, "StorageOpt": settings,
	}
	lists = map[string]visible{
		"Args": hidden, "Cmd": hidden, "Command": hidden, "Entrypoint": hidden, "MountFlags": hidden, "OnBuild": hidden,
		"Shell": hidden, "Test": hidden,
	}
	// options are lists of objects with a name and a value.
	options = map[string]bool{
		"annotations": true, "driver_options": true, "ipam_options": true, "options": true, "storage_options": true,
	}
)

// isPlain reports whether a text is a switch or a small number.
func isPlain(text string) bool {
	switch text {
	case "", "true", "True", "false", "False":
		return true
	}
	const digits = 5
	return len(text) <= digits && consistsOf(text, func(c byte) bool { return '0' <= c && c <= '9' })
}

// isLabel reports whether Kubernetes takes a text as a label.
func isLabel(text string) bool {
	const longest = 63
	return len(text) <= longest && consistsOf(text, func(c byte) bool {
		return '0' <= c && c <= '9' || 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z' || c == '.' || c == '_' || c == '-'
	})
}

func consistsOf(text string, of func(byte) bool) bool {
	for i := range len(text) {
		if !of(text[i]) {
			return false
		}
	}
	return true
}

// appendMasked copies a document as encoding/json writes it, with what is not to be
// seen hidden, credentials masked, and what a terminal would act on escaped.
func appendMasked(to, document []byte) []byte {
	m := masker{in: document, out: to}
	m.value(nil, nil)
	return m.out
}

// masker walks a JSON document that has no spaces between its tokens.
type masker struct {
	in  []byte
	pos int
	out []byte
}

func (m *masker) next() byte { return m.in[m.pos] }

// take copies n bytes.
func (m *masker) take(n int) {
	m.out = append(m.out, m.in[m.pos:m.pos+n]...)
	m.pos += n
}

// value copies one value that stands under a name; see is nil when all is
// seen.
func (m *masker) value(name []byte, see visible) {
	switch m.next() {
	case '{':
		m.object(see)
	case '[':
		m.list(name, see)
	case '"':
		m.text(name, see)
	default:
		m.take(bytes.IndexAny(m.in[m.pos:], ",]}")) // the document is an object, so one follows
	}
}

func (m *masker) object(see visible) {
	m.take(1)
	for m.next() != '}' {
		if m.next() == ',' {
			m.take(1)
		}
		key := m.text(nil, nil)
		m.take(1) // the colon
		if see != nil {
			m.value(key, see)
		} else {
			m.value(key, m.byKey(key))
		}
	}
	m.take(1)
}

func (m *masker) byKey(key []byte) visible {
	switch m.next() {
	case '{':
		return objects[string(key)]
	case '[':
		return lists[string(key)]
	}
	return nil
}

func (m *masker) list(name []byte, see visible) {
	m.take(1)
	for m.next() != ']' {
		switch {
		case m.next() == ',':
			m.take(1)
		case m.next() == '{' && options[string(name)]:
			m.option()
		default:
			m.value(name, see)
		}
	}
	m.take(1)
}

// option copies an input.Option, whose name comes before its value.
func (m *masker) option() {
	var name []byte
	m.take(1)
	for m.next() != '}' {
		if m.next() == ',' {
			m.take(1)
		}
		key := m.text(nil, nil)
		m.take(1)
		switch string(key) {
		case "value":
			m.value(name, settings)
		case "name":
			name = m.text(key, nil)
		default:
			m.value(key, nil)
		}
	}
	m.take(1)
}

// text copies a text as far as it may be seen, and returns it as it was.
func (m *masker) text(name []byte, see visible) []byte {
	raw := m.in[m.pos : m.pos+textLength(m.in[m.pos:])]
	m.pos += len(raw)
	text := raw[1 : len(raw)-1]
	if bytes.IndexByte(text, '\\') >= 0 {
		var decoded string
		_ = json.Unmarshal(raw, &decoded) // as encoding/json wrote it
		text = []byte(decoded)
	}
	switch {
	case see != nil && !see(string(name), string(text)):
		m.out = append(m.out, `"`+masked+`"`...)
	case isOrdinary(text):
		m.out = append(m.out, raw...)
	default:
		shown := maskURL(string(text))
		if shown == string(text) && consistsOf(shown, func(c byte) bool { return c < 0x7f }) {
			m.out = append(m.out, raw...)
		} else {
			m.out = appendText(m.out, shown)
		}
	}
	return text
}

// textLength is how long the JSON text is that data starts with, quotes
// included.
func textLength(data []byte) int {
	end := 1
	for data[end] != '"' {
		if data[end] == '\\' {
			end++
		}
		end++
	}
	return end + 1
}

// isOrdinary reports whether a text can have nothing to mask or to escape that
// encoding/json has not escaped.
func isOrdinary(text []byte) bool {
	for _, c := range text {
		if c >= 0x7f || c == '@' || c == '?' {
			return false
		}
	}
	return true
}

// maskURL masks the credentials of an address, and its query, where tokens are.
func maskURL(text string) string {
	text = maskCredentials(text)
	if before, _, found := strings.Cut(text, "?"); found && strings.Contains(before, "://") {
		return before + "?" + masked
	}
	return text
}

// appendText encodes a text with every character escaped that does not print.
func appendText(out []byte, text string) []byte {
	quoted, _ := json.Marshal(text) // text always encodes
	for _, r := range string(quoted) {
		switch {
		case unicode.IsPrint(r):
			out = utf8.AppendRune(out, r)
		case r > 0xffff:
			high, low := utf16.EncodeRune(r)
			out = appendEscape(appendEscape(out, high), low)
		default:
			out = appendEscape(out, r)
		}
	}
	return out
}

func appendEscape(out []byte, unit rune) []byte {
	const digits = "0123456789abcdef"
	return append(out, '\\', 'u', digits[unit>>12&15], digits[unit>>8&15], digits[unit>>4&15], digits[unit&15])
}

package decisionlog

import (
	"encoding/json"
	"slices"
)

// appendMasked copies a document as encoding/json writes it, with what is not to be
// seen hidden, credentials masked, and what a terminal would act on escaped.
func appendMasked(to, document []byte) []byte {
	m := masker{in: document, out: to}
	m.value(nil, nil)
	return append(m.out, m.in[m.copied:m.pos]...)
}

// masker walks a JSON document that has no spaces between its tokens.
type masker struct {
	in     []byte
	pos    int
	copied int // so much of in is in out, or is hidden
	out    []byte
}

func (m *masker) next() byte { return m.in[m.pos] }

// replace puts something in the place of the input from start on.
func (m *masker) replace(start int, shown []byte) {
	m.out = append(append(m.out, m.in[m.copied:start]...), shown...)
	m.copied = m.pos
}

// value passes one value that stands under a name; see is nil when all is
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
		for c := m.next(); c != ',' && c != ']' && c != '}'; c = m.next() { // the document is an object, so one follows
			m.pos++
		}
	}
}

func (m *masker) object(see visible) {
	m.pos++
	for m.next() != '}' {
		if m.next() == ',' {
			m.pos++
		}
		key := m.text(nil, nil)
		m.pos++ // the colon
		if see != nil {
			m.value(key, see)
		} else {
			m.value(key, m.byKey(key))
		}
	}
	m.pos++
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
	m.pos++
	for m.next() != ']' {
		switch {
		case m.next() == ',':
			m.pos++
		case m.next() == '{' && options[string(name)]:
			m.option()
		default:
			m.value(name, see)
		}
	}
	m.pos++
}

// option passes an input.Option, whose name comes before its value.
func (m *masker) option() {
	var name []byte
	m.pos++
	for m.next() != '}' {
		if m.next() == ',' {
			m.pos++
		}
		key := m.text(nil, nil)
		m.pos++
		switch string(key) {
		case "value":
			m.value(name, settings)
		case "name":
			name = m.text(key, nil)
		default:
			m.value(key, nil)
		}
	}
	m.pos++
}

// text passes a text, shows it as far as it may be seen, and returns it as it
// was.
func (m *masker) text(name []byte, see visible) []byte {
	start := m.pos
	ordinary, escaped := m.skipText()
	raw := m.in[start:m.pos]
	text := raw[1 : len(raw)-1]
	if ordinary && see == nil && !escaped {
		return text
	}
	if escaped {
		var decoded string
		_ = json.Unmarshal(raw, &decoded) // as encoding/json wrote it
		text = []byte(decoded)
	}
	switch {
	case see != nil && !see(string(name), string(text)):
		m.replace(start, []byte(`"`+masked+`"`))
	case !isOrdinary(text):
		shown := maskURL(string(text))
		if shown != string(text) || !consistsOf(shown, func(c byte) bool { return c < 0x7f }) {
			m.replace(start, appendText(nil, shown))
		}
	}
	return text
}

// skipText goes to the end of a text. It is ordinary as far as isOrdinary can
// tell without looking at what is escaped.
func (m *masker) skipText() (ordinary, escaped bool) {
	ordinary = true
	for m.pos++; m.next() != '"'; m.pos++ {
		switch c := m.next(); {
		case c == '\\':
			escaped = true
			m.pos++
		case isOdd(c):
			ordinary = false
		}
	}
	m.pos++
	return ordinary, escaped
}

// isOrdinary reports whether a text can have nothing to mask or to escape that
// encoding/json has not escaped.
func isOrdinary(text []byte) bool { return !slices.ContainsFunc(text, isOdd) }

func isOdd(c byte) bool { return c >= 0x7f || c == '@' || c == '?' }

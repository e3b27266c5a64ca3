package input

import (
	"bytes"
	"encoding"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
)

// members judges the keys of one JSON object.
type members struct {
	*shape
	into  reflect.Value   // what the object is decoded into, if valid
	entry field           // of a map, the latest
	given fieldBits       // fields of a struct
	seen  map[string]bool // all other keys
}

// fieldBits are numbers of fields below maxFields.
type fieldBits [4]uint64

const maxFields = 256

// set sets a bit and reports whether it was set.
func (b *fieldBits) set(i int) bool {
	word, bit := &b[i/64], uint64(1)<<(i%64)
	was := *word&bit != 0
	*word |= bit
	return was
}

// find returns the field a key is decoded into, and whether there is one. In a
// map, and where the type is unknown, every key is known.
func (m *members) find(key []byte) (f *field, known bool) {
	if m.fields == nil {
		m.entry = field{name: string(key), shape: m.elem}
		return &m.entry, true
	}
	if f, ok := m.fields.byName[string(key)]; ok {
		return f, true
	}
	if f, ok := m.fields.byFold[fold(string(key))]; ok {
		return f, true
	}
	return &field{name: string(key), index: -1, shape: anything}, false
}

// first reports whether a key, or another spelling of it, is new here.
func (m *members) first(f *field) bool {
	if f.index >= 0 && f.index < maxFields && m.fields != nil {
		return !m.given.set(f.index)
	}
	name := f.name
	if m.fields != nil {
		name = fold(name)
	}
	name = m.canonical(name)
	was := m.seen[name]
	if m.seen == nil {
		m.seen = map[string]bool{}
	}
	m.seen[name] = true
	return !was
}

// canonical is how today's types read the key of a map: "80", "80/tcp" and
// "80/TCP" are one port to them, and three to engines up to 28.
func (m *members) canonical(key string) string {
	if m.key == nil {
		return key
	}
	value := reflect.New(m.key)
	if reader, ok := value.Interface().(encoding.TextUnmarshaler); !ok || reader.UnmarshalText([]byte(key)) != nil {
		return key // the decoder will say what is wrong with it
	}
	return fmt.Sprint(value.Elem())
}

// saysNothing reports whether a value leaves everything as it is: null, zero,
// empty, or made of nothing else.
func saysNothing(raw []byte) bool {
	const much = 4 << 10 // whoever sends more says something
	if len(raw) > much {
		return false
	}
	switch raw = bytes.TrimSpace(raw); raw[0] {
	case '{':
		var object map[string]json.RawMessage
		if json.Unmarshal(raw, &object) != nil {
			return false
		}
		for _, v := range object {
			if !saysNothing(v) {
				return false
			}
		}
		return true
	case '[':
		return len(bytes.TrimSpace(raw[1:len(raw)-1])) == 0
	case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
		mantissa, _, _ := strings.Cut(strings.ToLower(string(raw)), "e")
		return strings.Trim(mantissa, "-0.") == ""
	default:
		return string(raw) == "null" || string(raw) == "false" || string(raw) == `""`
	}
}

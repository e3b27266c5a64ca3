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
	typ    reflect.Type
	fields map[string]field // nil unless the object is decoded into a struct
	elem   reflect.Type     // of a map's values
	key    reflect.Type     // of a map's keys, nil when they are plain text
	seen   map[string]bool  // keys of a map, or keys no field matches
	given  []bool           // fields of a struct
}

func newMembers(t reflect.Type) members {
	m := members{seen: map[string]bool{}}
	if t == nil {
		return m
	}
	m.typ = deref(t)
	switch {
	case m.typ.Kind() == reflect.Struct && !isText(m.typ):
		m.fields = fieldsOf(m.typ).byFold
		m.given = make([]bool, len(m.fields))
	case m.typ.Kind() == reflect.Map:
		m.elem = m.typ.Elem()
		if isText(m.typ.Key()) {
			m.key = m.typ.Key()
		}
	}
	return m
}

// find returns the field a key is decoded into, and whether there is one. In a
// map, and where the type is unknown, every key is known.
func (m members) find(key string) (field, bool) {
	if m.fields == nil {
		return field{name: key, typ: m.elem}, true
	}
	if f, ok := m.fields[fold(key)]; ok {
		return f, true
	}
	return field{name: key, index: -1}, false
}

// first reports whether a key, or another spelling of it, is new here.
func (m members) first(f field, key string) bool {
	if m.fields != nil && f.index >= 0 {
		was := m.given[f.index]
		m.given[f.index] = true
		return !was
	}
	if m.fields != nil {
		key = fold(key)
	}
	key = m.canonical(key)
	was := m.seen[key]
	m.seen[key] = true
	return !was
}

// canonical is how today's types read the key of a map: "80", "80/tcp" and
// "80/TCP" are one port to them, and three to engines up to 28.
func (m members) canonical(key string) string {
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

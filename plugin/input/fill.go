package input

import (
	"bytes"
	"encoding/json"
	"reflect"
	"slices"
	"strconv"
	"strings"

	json2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// A scanner decodes what it reads on the way, as encoding/json would. It does so
// for what is plain: on anything else, and on every anomaly, it leaves the whole
// document to encoding/json. Fuzz tests compare the two.

// filled reports whether everything was decoded on the way.
func (s *scanner) filled() bool { return !s.unfilled && len(s.anomalies) == 0 }

// isSimple reports whether a type is filled here. All others read themselves,
// or need more than one look.
func isSimple(t reflect.Type) bool {
	if readsItself(t) || t == reflect.TypeFor[json.Number]() {
		return false
	}
	switch t.Kind() {
	case reflect.Bool, reflect.String,
		reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64,
		reflect.Float32, reflect.Float64:
		return true
	case reflect.Slice:
		return t.Elem().Kind() != reflect.Uint8 // base64
	case reflect.Map:
		return t.Key().Kind() == reflect.String && !readsItself(t.Key())
	case reflect.Struct:
		return !hasStringOption(t)
	}
	return false
}

var unmarshaler = reflect.TypeFor[json.Unmarshaler]()

func readsItself(t reflect.Type) bool {
	return isText(t) || t.Implements(unmarshaler) || reflect.PointerTo(t).Implements(unmarshaler)
}

// hasStringOption reports whether a field is written as a string that is none.
func hasStringOption(t reflect.Type) bool {
	return slices.ContainsFunc(reflect.VisibleFields(t), func(f reflect.StructField) bool {
		_, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		return slices.Contains(strings.Split(options, ","), "string")
	})
}

// pointee is what a pointer is to lead to; null leaves it nil.
func (s *scanner) pointee(v reflect.Value) reflect.Value {
	for v.Kind() == reflect.Pointer {
		if s.peek() == 'n' {
			return reflect.Value{}
		}
		v.Set(reflect.New(v.Type().Elem()))
		v = v.Elem()
	}
	return v
}

// otherValue reads a value that is not simple.
func (s *scanner) otherValue(t *shape, into reflect.Value) bool {
	start, edits := s.pos, len(s.edits)
	if !s.value(t, reflect.Value{}) {
		return false
	}
	if len(s.edits) > edits || json2.Unmarshal(s.data[start:s.pos], into.Addr().Interface(), fast) != nil {
		s.unfilled = true
	}
	return true
}

// fillText takes a text as it is written, without the quote at its end.
func (s *scanner) fillText(into reflect.Value, raw []byte) {
	switch {
	case !into.IsValid():
	case into.Kind() != reflect.String:
		s.unfilled = true
	case bytes.IndexByte(raw, '\\') < 0:
		into.SetString(string(raw[1:]))
	default:
		text, err := jsontext.AppendUnquote(nil, append(slices.Clip(raw), '"'))
		into.SetString(string(text))
		s.unfilled = s.unfilled || err != nil
	}
}

// fillLiteral fills in a number, true or false; null changes nothing.
func (s *scanner) fillLiteral(into reflect.Value, raw []byte) {
	if !into.IsValid() || raw[0] == 'n' {
		return
	}
	isBool := raw[0] == 't' || raw[0] == 'f'
	var err error
	switch kind := into.Kind(); {
	case kind == reflect.Bool && isBool:
		into.SetBool(raw[0] == 't')
	case into.CanInt() && !isBool:
		var n int64
		n, err = strconv.ParseInt(string(raw), 10, into.Type().Bits())
		into.SetInt(n)
	case into.CanUint() && !isBool:
		var n uint64
		n, err = strconv.ParseUint(string(raw), 10, into.Type().Bits())
		into.SetUint(n)
	case into.CanFloat() && !isBool:
		var n float64
		n, err = strconv.ParseFloat(string(raw), into.Type().Bits())
		into.SetFloat(n)
	default:
		s.unfilled = true
	}
	s.unfilled = s.unfilled || err != nil
}

// fillObject makes into ready for members, if it takes any.
func (s *scanner) fillObject(into reflect.Value) reflect.Value {
	switch into.Kind() {
	case reflect.Struct, reflect.Invalid:
		return into
	case reflect.Map:
		into.Set(reflect.MakeMap(into.Type()))
		return into
	}
	s.unfilled = true
	return reflect.Value{}
}

// place is where the value of a member goes, not valid for nowhere.
func (m *members) place(f *field, known bool) reflect.Value {
	switch {
	case !m.into.IsValid() || !known:
		return reflect.Value{}
	case m.fields == nil:
		return reflect.New(m.into.Type().Elem()).Elem()
	}
	v := m.into
	for i, at := range f.path {
		if i > 0 && v.Kind() == reflect.Pointer {
			if v.IsNil() {
				v.Set(reflect.New(v.Type().Elem()))
			}
			v = v.Elem()
		}
		v = v.Field(at)
	}
	return v
}

// put puts the value of a member into the map that it is of.
func (m *members) put(f *field, value reflect.Value) {
	if m.into.IsValid() && m.fields == nil {
		m.into.SetMapIndex(reflect.ValueOf(f.name).Convert(m.into.Type().Key()), value)
	}
}

// fillList makes into ready for elements, if it takes any.
func (s *scanner) fillList(into reflect.Value) reflect.Value {
	switch into.Kind() {
	case reflect.Slice:
		into.Set(reflect.MakeSlice(into.Type(), 0, 0))
		return into
	case reflect.Invalid:
		return into
	}
	s.unfilled = true
	return reflect.Value{}
}

// another appends an element to a list.
func another(list reflect.Value, i int) reflect.Value {
	if !list.IsValid() {
		return list
	}
	if i == list.Cap() {
		list.Grow(1)
	}
	list.SetLen(i + 1)
	return list.Index(i)
}

// only makes a list of one element, which may be given by itself.
func only(list reflect.Value) reflect.Value {
	if list.IsValid() {
		list.Set(reflect.MakeSlice(list.Type(), 1, 1))
		list = list.Index(0)
	}
	return list
}

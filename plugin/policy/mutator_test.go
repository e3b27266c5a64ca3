package policy

import (
	"math/rand/v2"
	"reflect"

	"github.com/bulwark-authz/bulwark/plugin/input"
)

// mutator changes documents at random places.
type mutator struct{ *rand.Rand }

// words are texts that rules tell apart.
var words = []string{
	"", "a", "alice", "bob", "app", "root", "0", "host", "container", "/etc", "found", "missing", "unknown", "name", "uid", "absent",
	"manager", "\xff", "POST", "GET", "ContainerCreate", "ContainerStart",
}

// document is a copy of a document that is changed at one place, perhaps to
// what another one has there.
func (m mutator) document(doc, other input.Document) input.Document {
	changed := copyOf(reflect.ValueOf(doc))
	m.change(changed, reflect.ValueOf(other))
	return changed.Interface().(input.Document)
}

// copyOf copies a value with all that it leads to; the copy can be set.
func copyOf(v reflect.Value) reflect.Value {
	to := reflect.New(v.Type()).Elem()
	to.Set(v)
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			to.Set(reflect.New(v.Type().Elem()))
			to.Elem().Set(copyOf(v.Elem()))
		}
	case reflect.Interface:
		if !v.IsNil() {
			to.Set(copyOf(v.Elem()))
		}
	case reflect.Slice:
		if !v.IsNil() {
			to.Set(reflect.MakeSlice(v.Type(), v.Len(), v.Len()))
			for i := range v.Len() {
				to.Index(i).Set(copyOf(v.Index(i)))
			}
		}
	case reflect.Map:
		if !v.IsNil() {
			to.Set(reflect.MakeMap(v.Type()))
			for _, key := range v.MapKeys() {
				to.SetMapIndex(key, copyOf(v.MapIndex(key)))
			}
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if to.Field(i).CanSet() {
				to.Field(i).Set(copyOf(v.Field(i)))
			}
		}
	}
	return to
}

// change changes one place at or below a value. Other is of the same type, or
// not valid.
func (m mutator) change(v, other reflect.Value) {
	const oftenDeeper = 12
	if m.IntN(oftenDeeper) == 0 {
		v.SetZero()
		return
	}
	if other.IsValid() && m.IntN(oftenDeeper) == 0 {
		v.Set(copyOf(other))
		return
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		m.changePointee(v, other)
	case reflect.Slice:
		m.changeList(v)
	case reflect.Map:
		m.changeMap(v)
	case reflect.Struct:
		if i := m.IntN(max(1, v.NumField())); v.NumField() > 0 && v.Field(i).CanSet() {
			from := reflect.Value{}
			if other.IsValid() {
				from = other.Field(i)
			}
			m.change(v.Field(i), from)
		}
	case reflect.String:
		v.SetString(words[m.IntN(len(words))])
	case reflect.Bool:
		v.SetBool(!v.Bool())
	default:
		if v.CanInt() {
			v.SetInt(int64(m.IntN(3) - 1))
		}
	}
}

func (m mutator) changePointee(v, other reflect.Value) {
	switch {
	case !v.IsNil():
		inner := copyOf(v.Elem())
		m.change(inner, reflect.Value{})
		if v.Kind() == reflect.Pointer {
			v.Elem().Set(inner)
		} else {
			v.Set(inner)
		}
	case other.IsValid() && !other.IsNil():
		v.Set(copyOf(other))
	case v.Kind() == reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
	}
}

func (m mutator) changeList(v reflect.Value) {
	switch n := v.Len(); {
	case n == 0 && m.IntN(2) == 0:
		v.Set(reflect.MakeSlice(v.Type(), 0, 0))
	case n == 0:
		v.Set(reflect.Append(v, reflect.Zero(v.Type().Elem())))
	case m.IntN(4) == 0:
		v.SetLen(n - 1)
	default:
		m.change(v.Index(m.IntN(n)), v.Index(m.IntN(n)))
	}
}

func (m mutator) changeMap(v reflect.Value) {
	key := reflect.New(v.Type().Key()).Elem()
	switch {
	case v.Len() > 0 && m.IntN(2) == 0:
		key = sortedKeys(v)[m.IntN(v.Len())]
	case key.Kind() == reflect.String:
		key.SetString(words[m.IntN(len(words))])
	}
	if v.IsNil() {
		v.Set(reflect.MakeMap(v.Type()))
	}
	changed := reflect.New(v.Type().Elem()).Elem()
	if old := v.MapIndex(key); old.IsValid() {
		changed = copyOf(old)
	}
	m.change(changed, reflect.Value{})
	v.SetMapIndex(key, changed)
}

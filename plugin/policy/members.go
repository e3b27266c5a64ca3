package policy

import (
	"cmp"
	"reflect"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// member is one member of the object that encoding/json writes for a struct.
type member struct {
	name string
	key  *ast.Term
	// index leads to the field, through embedded structs.
	index []int
	plan  *plan
	// omit says when the member is left out, nil for never.
	omit   func(reflect.Value) bool
	tagged bool
}

// membersOf lists the members of a struct as encoding/json has them: of several
// under one name the least deeply embedded is written, then the one with a tag,
// and none when that still leaves several.
func membersOf(t reflect.Type) []member {
	all := collect(t, nil, nil)
	slices.SortStableFunc(all, func(x, y member) int {
		return cmp.Or(cmp.Compare(x.name, y.name), x.rank()-y.rank())
	})
	var members []member
	for i, m := range all {
		first := i == 0 || all[i-1].name != m.name
		alone := i+1 == len(all) || all[i+1].name != m.name || all[i+1].rank() != m.rank()
		if first && alone {
			members = append(members, m)
		}
	}
	return members
}

// rank orders the members under one name.
func (m member) rank() int {
	if m.tagged {
		return 2 * len(m.index)
	}
	return 2*len(m.index) + 1
}

func collect(t reflect.Type, at []int, above []reflect.Type) []member {
	if slices.Contains(above, t) {
		return nil
	}
	above = append(slices.Clone(above), t)
	var members []member
	for i := range t.NumField() {
		f := t.Field(i)
		tag := f.Tag.Get("json")
		name, options, _ := strings.Cut(tag, ",")
		index := append(slices.Clone(at), i)
		embedded := f.Anonymous && pointee(f.Type).Kind() == reflect.Struct
		switch {
		case tag == "-", !f.IsExported() && !embedded:
		case embedded && name == "":
			members = append(members, collect(pointee(f.Type), index, above)...)
		default:
			key := cmp.Or(name, f.Name)
			members = append(members, member{name: key, key: ast.StringTerm(key), index: index, tagged: name != "",
				omit: omission(f.Type, strings.Split(options, ","))})
		}
	}
	return members
}

func pointee(t reflect.Type) reflect.Type {
	if t.Kind() == reflect.Pointer {
		return t.Elem()
	}
	return t
}

var zeroer = reflect.TypeFor[interface{ IsZero() bool }]()

// omission says when a member with these options is left out.
func omission(t reflect.Type, options []string) func(reflect.Value) bool {
	zero := reflect.Value.IsZero
	if t.Implements(zeroer) {
		zero = func(v reflect.Value) bool {
			return v.Kind() == reflect.Pointer && v.IsNil() || v.Interface().(interface{ IsZero() bool }).IsZero()
		}
	}
	switch omitEmpty, omitZero := slices.Contains(options, "omitempty"), slices.Contains(options, "omitzero"); {
	case omitEmpty && omitZero:
		return func(v reflect.Value) bool { return isEmptyMember(v) || zero(v) }
	case omitEmpty:
		return isEmptyMember
	case omitZero:
		return zero
	}
	return nil
}

// isEmptyMember is what encoding/json takes for empty.
func isEmptyMember(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Array, reflect.Map, reflect.Slice, reflect.String:
		return v.Len() == 0
	case reflect.Struct:
		return false
	default:
		return v.IsZero()
	}
}

// field is the field of a member, false when an embedded pointer above is nil.
func (m *member) field(v reflect.Value) (reflect.Value, bool) {
	for i, at := range m.index {
		if i > 0 && v.Kind() == reflect.Pointer {
			if v.IsNil() {
				return reflect.Value{}, false
			}
			v = v.Elem()
		}
		v = v.Field(at)
	}
	return v, true
}

package policy

import (
	"encoding"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"sync"
)

// plan says how the values of one Go type become what rules read: exactly what
// encoding/json would write for them. It is made once for a type.
type plan struct {
	typ reflect.Type
	// id tells the types apart in a key.
	id   uint64
	form form
	// elem is of pointers, lists and maps, members are of structs.
	elem    *plan
	members []member
}

// form is the way in which a type is converted.
type form int

const (
	// formOther is whatever writes itself or is rare: it goes through JSON.
	formOther form = iota
	formBool
	formInt
	formUint
	formString
	formPointer
	formInterface
	formList
	formMap
	formStruct
)

var (
	plans   sync.Map // reflect.Type -> *plan
	planner sync.Mutex
	planIDs uint64
)

// planOf returns the plan of a type.
func planOf(t reflect.Type) *plan {
	if known, ok := plans.Load(t); ok {
		return known.(*plan)
	}
	planner.Lock()
	defer planner.Unlock()
	made := map[reflect.Type]*plan{}
	p := makePlan(t, made)
	for t, p := range made { // only now are they complete
		plans.Store(t, p)
	}
	return p
}

func makePlan(t reflect.Type, made map[reflect.Type]*plan) *plan {
	if known, ok := plans.Load(t); ok {
		return known.(*plan)
	}
	if p := made[t]; p != nil {
		return p // a type that holds itself
	}
	planIDs++
	p := &plan{typ: t, id: planIDs, form: formOf(t)}
	made[t] = p
	switch p.form {
	case formPointer, formList, formMap:
		p.elem = makePlan(t.Elem(), made)
	case formStruct:
		p.members = membersOf(t)
		for i := range p.members {
			p.members[i].plan = makePlan(t.FieldByIndex(p.members[i].index).Type, made)
		}
	}
	return p
}

func (p *plan) member(name string) *member {
	for i := range p.members {
		if p.members[i].name == name {
			return &p.members[i]
		}
	}
	return nil
}

var (
	marshaler     = reflect.TypeFor[json.Marshaler]()
	textMarshaler = reflect.TypeFor[encoding.TextMarshaler]()
)

func writesItself(t reflect.Type) bool {
	return slices.ContainsFunc([]reflect.Type{t, reflect.PointerTo(t)}, func(t reflect.Type) bool {
		return t.Implements(marshaler) || t.Implements(textMarshaler)
	})
}

func formOf(t reflect.Type) form {
	switch t.Kind() {
	case reflect.Interface:
		if t.NumMethod() == 0 {
			return formInterface
		}
		return formOther
	case reflect.Pointer:
		return formPointer // what it points to may write itself
	}
	if writesItself(t) {
		return formOther
	}
	switch t.Kind() {
	case reflect.Bool:
		return formBool
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return formInt
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return formUint
	case reflect.String:
		if t == reflect.TypeFor[json.Number]() {
			return formOther
		}
		return formString
	case reflect.Array:
		return formList
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Uint8 {
			return formOther // base64
		}
		return formList
	case reflect.Map:
		if t.Key().Kind() == reflect.String && !writesItself(t.Key()) {
			return formMap
		}
	case reflect.Struct:
		if !hasStringOption(t) {
			return formStruct
		}
	}
	return formOther
}

// hasStringOption reports whether a member is written as a string that is
// none.
func hasStringOption(t reflect.Type) bool {
	return slices.ContainsFunc(reflect.VisibleFields(t), func(f reflect.StructField) bool {
		return slices.Contains(strings.Split(f.Tag.Get("json"), ",")[1:], "string")
	})
}

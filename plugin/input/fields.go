package input

import (
	"encoding"
	"reflect"
	"slices"
	"strings"
	"sync"
	"unicode"
)

// shape is what decides how a JSON value is read into a type.
type shape struct {
	typ    reflect.Type // without pointers; nil where nothing is known
	fields *fieldSet    // of a struct, nil for other types
	elem   *shape       // of a map's values
	key    reflect.Type // of a map's keys, nil when they are plain text
	list   *shape       // of a list's elements
	// simple is true for what a scanner can fill itself.
	simple bool
}

// anything is the shape of what nothing is known of.
var anything = func() *shape {
	s := new(shape)
	s.elem, s.list = s, s
	return s
}()

var (
	shapes sync.Map // reflect.Type -> *shape
	shaper sync.Mutex
)

// shapeOf returns the shape of a type. It is made once.
func shapeOf(t reflect.Type) *shape {
	if known, ok := shapes.Load(t); ok {
		return known.(*shape)
	}
	shaper.Lock()
	defer shaper.Unlock()
	made := map[reflect.Type]*shape{}
	s := makeShape(t, made)
	for t, s := range made { // only now are they complete
		shapes.Store(t, s)
	}
	return s
}

func makeShape(t reflect.Type, made map[reflect.Type]*shape) *shape {
	if known, ok := shapes.Load(t); ok {
		return known.(*shape)
	}
	if s := made[t]; s != nil {
		return s // a type that holds itself
	}
	s := &shape{typ: deref(t), elem: anything, list: anything}
	made[t] = s
	s.simple = isSimple(s.typ)
	switch s.typ.Kind() {
	case reflect.Struct:
		if !isText(s.typ) {
			set := fieldsOf(s.typ)
			for _, f := range set.byFold {
				f.shape = makeShape(f.typ, made)
			}
			s.fields = &set
		}
	case reflect.Map:
		s.elem = makeShape(s.typ.Elem(), made)
		if isText(s.typ.Key()) {
			s.key = s.typ.Key()
		}
	case reflect.Slice, reflect.Array:
		s.list = makeShape(s.typ.Elem(), made)
	}
	return s
}

// field is one key that encoding/json takes for a struct.
type field struct {
	name  string // as the Engine API spells it
	typ   reflect.Type
	shape *shape
	// index numbers the fields of a struct, embedded ones included; path leads
	// to the field, through embedded ones.
	index int
	path  []int
	// listOrText is true for a list that older engines also take as one string.
	listOrText bool
	// env is true for a list of environment variables.
	env bool
}

// fieldSet is a struct as encoding/json sees it.
type fieldSet struct {
	byName, byFold map[string]*field
}

// fieldsOf returns the keys of a struct type, those of embedded structs too.
// Where two levels have the same key the outer one wins, as in encoding/json.
func fieldsOf(t reflect.Type) fieldSet {
	set := fieldSet{byName: map[string]*field{}, byFold: map[string]*field{}}
	for level := []embedding{{typ: t}}; len(level) > 0; {
		level = set.addLevel(level)
	}
	for _, f := range set.byFold {
		f.listOrText = stringIsList(t, f.name)
		f.env = f.name == "Env" && f.typ == reflect.TypeFor[[]string]()
		set.byName[f.name] = f
	}
	return set
}

// embedding is a struct, and the way to it from the one that it is embedded in.
type embedding struct {
	typ  reflect.Type
	path []int
}

// addLevel adds the fields of structs at one depth and returns the structs
// embedded in them.
func (s fieldSet) addLevel(level []embedding) []embedding {
	var embedded []embedding
	for _, e := range level {
		for i := range e.typ.NumField() {
			f, path := e.typ.Field(i), append(slices.Clip(e.path), i)
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			switch {
			case f.Tag.Get("json") == "-":
			case f.Anonymous && name == "" && deref(f.Type).Kind() == reflect.Struct:
				embedded = append(embedded, embedding{deref(f.Type), path})
			case f.IsExported():
				if name == "" {
					name = f.Name
				}
				if _, taken := s.byFold[fold(name)]; !taken {
					s.byFold[fold(name)] = &field{name: name, typ: f.Type, index: len(s.byFold), path: path}
				}
			}
		}
	}
	return embedded
}

func deref(t reflect.Type) reflect.Type {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t
}

// fold maps a key to what encoding/json compares: equal under Unicode simple
// folding, so U+017F is s and U+212A is k (encoding/json/fold.go).
func fold(name string) string {
	return strings.Map(func(r rune) rune {
		for {
			next := unicode.SimpleFold(r)
			if next <= r {
				return next
			}
			r = next
		}
	}, name)
}

// isASCII reports whether only ASCII letters were folded to match.
func isASCII(s []byte) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

var textUnmarshaler = reflect.TypeFor[encoding.TextUnmarshaler]()

// isText reports whether a type reads itself from a JSON string.
func isText(t reflect.Type) bool {
	return t.Implements(textUnmarshaler) || reflect.PointerTo(t).Implements(textUnmarshaler)
}

// apiPath is a path that encoding/json reports, without the names of embedded
// structs, which the API does not have.
func apiPath(t reflect.Type, path string) string {
	var steps []string
	for _, name := range strings.Split(path, ".") {
		if t = deref(t); t.Kind() != reflect.Struct {
			steps = append(steps, name)
			continue
		}
		if f, ok := t.FieldByName(name); ok && f.Anonymous {
			t = f.Type
			continue
		}
		steps = append(steps, name)
		if fields := shapeOf(t).fields; fields != nil && fields.byFold[fold(name)] != nil {
			t = fields.byFold[fold(name)].typ
		}
	}
	return strings.Join(steps, ".")
}

package policy

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/bulwark-authz/bulwark/plugin/input"
)

// toValue turns the document into what OPA evaluates. It is what
// ast.InterfaceToValue makes of it, in a quarter of the time.
func toValue(doc input.Document) (ast.Value, error) { return partOf(doc, [][]string{{}}) }

// partOf is toValue for what is at some paths; they are sorted, and none is
// below another one.
func partOf(doc input.Document, paths [][]string) (ast.Value, error) {
	v := reflect.ValueOf(doc)
	var c converter
	return c.part(planOf(v.Type()), v, paths, 0).Value, c.err
}

// converter converts values; err is the first thing that went wrong.
type converter struct{ err error }

// part converts what the paths name, which agree in their first steps.
func (c *converter) part(p *plan, v reflect.Value, paths [][]string, steps int) *ast.Term {
	for p.form == formPointer && !v.IsNil() {
		p, v = p.elem, v.Elem()
	}
	if p.form != formStruct || len(paths) > 0 && len(paths[0]) == steps {
		return c.term(p, v)
	}
	object := ast.NewObjectWithCapacity(len(paths))
	for len(paths) > 0 {
		name, n := paths[0][steps], 1
		for n < len(paths) && paths[n][steps] == name {
			n++
		}
		if m := p.member(name); m != nil {
			if f, ok := m.field(v); ok && (m.omit == nil || !m.omit(f)) {
				object.Insert(m.key, c.part(m.plan, f, paths[:n], steps+1))
			}
		}
		paths = paths[n:]
	}
	return ast.NewTerm(object)
}

func (c *converter) member(into ast.Object, m *member, v reflect.Value) {
	if f, ok := m.field(v); ok && (m.omit == nil || !m.omit(f)) {
		into.Insert(m.key, c.term(m.plan, f))
	}
}

// nullTerm is shared: nobody changes a term of the input.
var nullTerm = ast.NullTerm()

func (c *converter) term(p *plan, v reflect.Value) *ast.Term {
	switch p.form {
	case formBool:
		return ast.InternedTerm(v.Bool())
	case formInt:
		return ast.InternedTerm(v.Int())
	case formUint:
		return ast.NumberTerm(json.Number(strconv.FormatUint(v.Uint(), 10)))
	case formString:
		return ast.StringTerm(validText(v.String()))
	case formPointer:
		if v.IsNil() {
			return nullTerm
		}
		return c.term(p.elem, v.Elem())
	case formInterface:
		if v.IsNil() {
			return nullTerm
		}
		return c.term(planOf(v.Elem().Type()), v.Elem())
	case formList:
		return c.list(p, v)
	case formMap:
		return c.object(p, v)
	case formStruct:
		object := ast.NewObjectWithCapacity(len(p.members))
		for i := range p.members {
			c.member(object, &p.members[i], v)
		}
		return ast.NewTerm(object)
	default:
		return c.other(v)
	}
}

func (c *converter) list(p *plan, v reflect.Value) *ast.Term {
	if v.Kind() == reflect.Slice && v.IsNil() {
		return nullTerm
	}
	terms := make([]*ast.Term, v.Len())
	for i := range terms {
		terms[i] = c.term(p.elem, v.Index(i))
	}
	return ast.ArrayTerm(terms...)
}

func (c *converter) object(p *plan, v reflect.Value) *ast.Term {
	if v.IsNil() {
		return nullTerm
	}
	object := ast.NewObjectWithCapacity(v.Len())
	for _, key := range sortedKeys(v) { // of two keys that are the same once they are valid, the last counts
		object.Insert(ast.StringTerm(validText(key.String())), c.term(p.elem, v.MapIndex(key)))
	}
	return ast.NewTerm(object)
}

func sortedKeys(v reflect.Value) []reflect.Value {
	keys := v.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
	return keys
}

// other converts what only encoding/json knows to write.
func (c *converter) other(v reflect.Value) *ast.Term {
	value, err := ast.InterfaceToValue(jsonOf(v, &c.err))
	if err != nil && c.err == nil {
		c.err = fmt.Errorf("converting %s: %w", v.Type(), err)
	}
	return ast.NewTerm(value)
}

// jsonOf is what encoding/json writes for a value where it stands: a method of
// the pointer counts when there is one to it.
func jsonOf(v reflect.Value, failed *error) json.RawMessage {
	if v.CanAddr() {
		v = v.Addr()
	}
	text, err := json.Marshal(v.Interface())
	if err != nil && *failed == nil {
		*failed = fmt.Errorf("converting %s: %w", v.Type(), err)
	}
	return text
}

// validText is a text as encoding/json writes it, each byte that is not UTF-8
// replaced.
func validText(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	return string([]rune(s))
}

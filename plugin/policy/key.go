package policy

import (
	"encoding/binary"
	"reflect"

	"github.com/bulwark-authz/bulwark/plugin/input"
)

// maxKey bounds one key, in bytes, and with it what remembering costs.
const maxKey = 1 << 10

// spot is somewhere in a document: the members on the way to it.
type spot struct {
	steps []*member
	plan  *plan // of what is there
}

// spotOf finds the spot of a path, as far as structs go: what is in a list or
// a map belongs to the whole of it. It is false where no document has anything.
func spotOf(path []string) (spot, bool) {
	p := spot{plan: planOf(reflect.TypeFor[input.Document]())}
	for _, name := range path {
		for p.plan.form == formPointer {
			p.plan = p.plan.elem
		}
		if p.plan.form != formStruct {
			break
		}
		m := p.plan.member(name)
		if m == nil {
			return spot{}, false
		}
		p.steps, p.plan = append(p.steps, m), m.plan
	}
	return p, true
}

// keyer writes values in such a way that two that differ are never written
// alike, and that the end of each is known. It stops at what is too long to be
// remembered.
type keyer struct {
	buf    []byte
	start  int
	failed bool
}

// at appends what a document has at a spot, and reports whether that is a key.
func (k *keyer) at(p spot, doc reflect.Value) bool {
	k.start, k.failed = len(k.buf), false
	v, ok := doc, true
	for _, step := range p.steps {
		for v.Kind() == reflect.Pointer && !v.IsNil() {
			v = v.Elem()
		}
		if ok = v.Kind() == reflect.Struct; ok {
			v, ok = step.field(v)
		}
		if !ok {
			break
		}
	}
	if k.present(ok) {
		k.value(p.plan, v)
	}
	return !k.failed
}

func (k *keyer) value(p *plan, v reflect.Value) {
	if k.failed = k.failed || len(k.buf)-k.start > maxKey; k.failed {
		return
	}
	switch p.form {
	case formBool:
		k.present(v.Bool())
	case formInt:
		k.buf = binary.AppendVarint(k.buf, v.Int())
	case formUint:
		k.buf = binary.AppendUvarint(k.buf, v.Uint())
	case formString:
		k.text(v.String())
	case formPointer:
		if k.present(!v.IsNil()) {
			k.value(p.elem, v.Elem())
		}
	case formInterface:
		if k.present(!v.IsNil()) {
			inner := planOf(v.Elem().Type())
			k.buf = binary.AppendUvarint(k.buf, inner.id)
			k.value(inner, v.Elem())
		}
	case formList:
		if k.present(v.Kind() == reflect.Array || !v.IsNil()) {
			k.length(v.Len())
			for i := range v.Len() {
				k.value(p.elem, v.Index(i))
			}
		}
	case formMap:
		k.object(p, v)
	case formStruct:
		for i := range p.members {
			if f, ok := p.members[i].field(v); k.present(ok) {
				k.value(p.members[i].plan, f)
			}
		}
	default:
		k.other(v)
	}
}

func (k *keyer) object(p *plan, v reflect.Value) {
	if !k.present(!v.IsNil()) {
		return
	}
	k.length(v.Len())
	if k.failed {
		return
	}
	for _, key := range sortedKeys(v) {
		k.text(key.String())
		k.value(p.elem, v.MapIndex(key))
	}
}

// other writes what only encoding/json knows to write.
func (k *keyer) other(v reflect.Value) {
	var failed error
	text := jsonOf(v, &failed)
	k.failed = k.failed || failed != nil
	k.text(string(text))
}

func (k *keyer) text(s string) {
	k.length(len(s))
	if !k.failed {
		k.buf = append(k.buf, s...)
	}
}

// length says how many parts or bytes follow, each of which takes one or more.
func (k *keyer) length(n int) {
	k.failed = k.failed || len(k.buf)-k.start+n > maxKey
	k.buf = binary.AppendUvarint(k.buf, uint64(n))
}

func (k *keyer) present(is bool) bool {
	mark := byte(0)
	if is {
		mark = 1
	}
	k.buf = append(k.buf, mark)
	return is
}

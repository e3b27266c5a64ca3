package policy

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/bulwark-authz/bulwark/plugin/input"
)

// everySpot are the paths of everything in a document that is no struct.
func everySpot(p *plan, path []string) [][]string {
	for p.form == formPointer {
		p = p.elem
	}
	if p.form != formStruct {
		return [][]string{path}
	}
	paths := [][]string{path}
	for i := range p.members {
		m := &p.members[i]
		paths = append(paths, everySpot(m.plan, append(path[:len(path):len(path)], m.name))...)
	}
	return paths
}

// keyAt is what is remembered of a path.
func keyAt(t testing.TB, doc input.Document, path []string) (string, bool) {
	t.Helper()
	at, found := spotOf(path)
	if !found {
		t.Fatalf("%q is not there", path)
	}
	var k keyer
	ok := k.at(at, reflect.ValueOf(doc))
	return string(k.buf), ok
}

// seen is what rules see of a document.
func seen(t testing.TB, doc input.Document) func(path []string) string {
	t.Helper()
	value, err := toValue(doc)
	if err != nil {
		t.Fatal(err)
	}
	return func(path []string) string {
		ref := ast.EmptyRef()
		for _, name := range path {
			ref = append(ref, ast.StringTerm(name))
		}
		found, err := value.Find(ref)
		if err != nil {
			return "undefined"
		}
		return found.String()
	}
}

// TestEqualKeysAreEqualValues compares what is remembered of documents with
// what rules see of them.
func TestEqualKeysAreEqualValues(t *testing.T) {
	docs := exampleDocuments(t)
	docs = append(docs, input.Document{}, input.Document{Container: &input.Container{}}, input.Document{Body: map[string]any{"a": 1.0}},
		input.Document{Body: map[string]any{"a": "1"}}, input.Document{Body: []string{"ab", "c"}}, input.Document{Body: []string{"a", "bc"}})
	see := make([]func([]string) string, len(docs))
	for i, doc := range docs {
		see[i] = seen(t, doc)
	}
	several := 0
	for _, path := range everySpot(planOf(reflect.TypeFor[input.Document]()), nil) {
		values := map[string]string{}
		for i, doc := range docs {
			key, ok := keyAt(t, doc, path)
			if !ok {
				continue
			}
			value := see[i](path)
			if known, seen := values[key]; seen && known != value {
				t.Errorf("%q: one key for %s and %s", path, known, value)
			}
			values[key] = value
		}
		if len(values) > 1 {
			several++
		}
	}
	if several < 100 {
		t.Errorf("the documents differ in %d places only", several)
	}
}

// FuzzKeys compares two bodies in everything that is remembered.
func FuzzKeys(f *testing.F) {
	f.Add(`{"Image":"a","Cmd":["ab","c"]}`, `{"Image":"a","Cmd":["a","bc"]}`)
	f.Add(`{"HostConfig":{"Binds":["/a:/b"],"CapAdd":null}}`, `{"HostConfig":{"Binds":["/a:/b:ro"],"CapAdd":[]}}`)
	f.Add(`{"Labels":{"a":"b","c":"d"}}`, `{"Labels":{"a":"bc","":"d"}}`)
	paths := everySpot(planOf(reflect.TypeFor[input.Document]()), nil)
	f.Fuzz(func(t *testing.T, one, other string) {
		docs := [2]input.Document{}
		for i, body := range []string{one, other} {
			docs[i] = input.FromRequest(input.Request{Method: "POST", URI: "/containers/create", Body: []byte(body)})
		}
		see, seeOther := seen(t, docs[0]), seen(t, docs[1])
		for _, path := range paths {
			key, ok := keyAt(t, docs[0], path)
			otherKey, otherOK := keyAt(t, docs[1], path)
			if ok && otherOK && key == otherKey && see(path) != seeOther(path) {
				t.Fatalf("%q: one key for %s and %s", path, see(path), seeOther(path))
			}
		}
	})
}

func TestLongValuesAreNotRemembered(t *testing.T) {
	for name, doc := range map[string]input.Document{
		"text": {Object: strings.Repeat("a", maxKey+1)},
		"list": {Body: make([]string, maxKey+1)},
		"map":  {Body: map[string]any{strings.Repeat("a", maxKey+1): 1}},
		"many": {Body: []string{strings.Repeat("a", maxKey/2), strings.Repeat("a", maxKey/2)}},
	} {
		path := []string{"body"}
		if name == "text" {
			path = []string{"object"}
		}
		if key, ok := keyAt(t, doc, path); ok {
			t.Errorf("%s: a key of %d bytes", name, len(key))
		}
	}
}

func TestMemoIsBounded(t *testing.T) {
	rule := &askedRule{name: "a", reads: reads{pure: true, paths: [][]string{{"object"}}}}
	m := newMemo()
	m.place(map[string]*askedRule{"a": rule})
	for i := range 3 * maxRemembered {
		keys := m.keysOf(&input.Document{Object: fmt.Sprint(i)}, rule.spots)
		m.remember(rule, nil, keys)
		if _, open := m.recall([]*askedRule{rule}, keys); len(open) > 0 {
			t.Fatalf("%d is not remembered", i)
		}
		m.done(keys)
	}
	if n := len(m.found[rule]); n != maxRemembered {
		t.Errorf("%d are remembered, want %d", n, maxRemembered)
	}
	keys := m.keysOf(&input.Document{Object: "new"}, rule.spots)
	rule.excepted = true
	m.remember(rule, make([]finding, 1), keys)
	rule.excepted = false
	m.remember(rule, make([]finding, maxFindings+1), keys)
	if _, open := m.recall([]*askedRule{rule}, keys); len(open) == 0 {
		t.Error("what depends on exceptions, or is too much, is remembered")
	}
}

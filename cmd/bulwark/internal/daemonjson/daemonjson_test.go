package daemonjson_test

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/bulwark-authz/bulwark/cmd/bulwark/internal/daemonjson"
)

// Each case is a document and, byte for byte, the same with bulwark added. Where back is empty,
// removing bulwark again must give the first document; else it must give back.
var edits = []struct{ name, doc, added, back string }{
	{"blank", "", "{\n  \"authorization-plugins\": [\"bulwark\"]\n}\n", "{}\n"},
	{"white space", "\n\n", "{\n  \"authorization-plugins\": [\"bulwark\"]\n}\n", "{}\n"},
	{"empty object", "{}\n", "{\n  \"authorization-plugins\": [\"bulwark\"]\n}\n", ""},
	{"one line", `{"debug": true, "mtu": 1400}`, `{"debug": true, "mtu": 1400, "authorization-plugins": ["bulwark"]}`, ""},
	{"compact", `{"a":{"b":[1,2]},"c":null}`, `{"a":{"b":[1,2]},"c":null,"authorization-plugins": ["bulwark"]}`, ""},
	{
		"two spaces, key order and an unknown key kept",
		"{\n  \"zzz\": {\"x\": 1},\n  \"log-driver\": \"local\"\n}\n",
		"{\n  \"zzz\": {\"x\": 1},\n  \"log-driver\": \"local\",\n  \"authorization-plugins\": [\"bulwark\"]\n}\n", "",
	},
	{
		"tabs and CRLF",
		"{\r\n\t\"debug\": true\r\n}\r\n",
		"{\r\n\t\"debug\": true,\r\n\t\"authorization-plugins\": [\"bulwark\"]\r\n}\r\n", "",
	},
	{
		"another plugin, key not last",
		`{"authorization-plugins": ["other"], "debug": true}`,
		`{"authorization-plugins": ["other","bulwark"], "debug": true}`, "",
	},
	{
		"two other plugins", `{"authorization-plugins": ["a", "b"]}`,
		`{"authorization-plugins": ["a", "b", "bulwark"]}`, "",
	},
	{
		"a list over several lines",
		"{\n\t\"authorization-plugins\": [\n\t\t\"a\",\n\t\t\"b\"\n\t],\n\t\"debug\": true\n}",
		"{\n\t\"authorization-plugins\": [\n\t\t\"a\",\n\t\t\"b\",\n\t\t\"bulwark\"\n\t],\n\t\"debug\": true\n}", "",
	},
	{"empty list", `{"authorization-plugins": []}`, `{"authorization-plugins": ["bulwark"]}`, `{}`},
	{"null list", `{"authorization-plugins": null, "debug": true}`, `{"authorization-plugins": ["bulwark"], "debug": true}`, `{"debug": true}`},
	{"escaped key and value", `{"authorization\u002dplugins" :["\u0061"]}`, `{"authorization\u002dplugins" :["\u0061","bulwark"]}`, ""},
	{"the key inside another object is not it", `{"x": {"authorization-plugins": ["a"]}}`, `{"x": {"authorization-plugins": ["a"]},"authorization-plugins": ["bulwark"]}`, ""},
}

func TestAddThenRemove(t *testing.T) {
	for _, c := range edits {
		t.Run(c.name, func(t *testing.T) {
			added, err := daemonjson.Add([]byte(c.doc), "bulwark")
			if err != nil {
				t.Fatal(err)
			}
			if string(added) != c.added {
				t.Errorf("Add:\ngot  %q\nwant %q", added, c.added)
			}
			if !json.Valid(added) {
				t.Errorf("Add made invalid JSON: %s", added)
			}
			again, err := daemonjson.Add(added, "bulwark:latest")
			if err != nil || string(again) != string(added) {
				t.Errorf("Add twice: got %q, %v; want no change", again, err)
			}
			back, err := daemonjson.Remove(added, "bulwark")
			if err != nil {
				t.Fatal(err)
			}
			want := c.back
			if want == "" {
				want = c.doc
			}
			if string(back) != want {
				t.Errorf("Remove:\ngot  %q\nwant %q", back, want)
			}
		})
	}
}

func TestRemove(t *testing.T) {
	cases := []struct{ name, doc, want string }{
		{"not listed", `{"authorization-plugins": ["a"]}`, `{"authorization-plugins": ["a"]}`},
		{"no list", `{"debug": true}`, `{"debug": true}`},
		{"blank", "", ""},
		{"first of two", `{"authorization-plugins": ["bulwark", "a"]}`, `{"authorization-plugins": ["a"]}`},
		{"between two, with its tag", `{"authorization-plugins": ["a", "bulwark:latest", "b"]}`, `{"authorization-plugins": ["a", "b"]}`},
		{"listed twice", `{"authorization-plugins": ["bulwark", "a", "bulwark"]}`, `{"authorization-plugins": ["a"]}`},
		{"only twice itself", `{"debug": true, "authorization-plugins": ["bulwark", "bulwark"]}`, `{"debug": true}`},
		{"another tag stays", `{"authorization-plugins": ["bulwark:v1"]}`, `{"authorization-plugins": ["bulwark:v1"]}`},
		{"first member", "{\n  \"authorization-plugins\": [\"bulwark\"],\n  \"debug\": true\n}", "{\n  \"debug\": true\n}"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, err := daemonjson.Remove([]byte(c.doc), "bulwark")
			if err != nil {
				t.Fatal(err)
			}
			if string(got) != c.want {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
		})
	}
}

func TestPlugins(t *testing.T) {
	got, err := daemonjson.Plugins([]byte(`{"debug": true, "authorization-plugins": ["a", "b:v1"]}`))
	if want := []string{"a", "b:v1"}; err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %q, %v; want %q", got, err, want)
	}
}

func TestBadDocuments(t *testing.T) {
	cases := []struct{ name, doc, want string }{
		{"comment", "{ // hello\n}", "reading JSON: invalid character '/'"},
		{"trailing data", `{} {}`, "reading JSON: invalid character '{' after top-level value"},
		{"array", `[]`, "reading JSON: json: cannot unmarshal array"},
		{"null", `null`, "reading JSON: it must be an object"},
		{"one name, no list", `{"authorization-plugins": "bulwark"}`, `reading "authorization-plugins": it must be a list of names`},
		{"numbers", `{"authorization-plugins": [1]}`, `reading "authorization-plugins": it must be a list of names`},
		{"key twice", `{"authorization-plugins": [], "authorization-plugins": ["a"]}`, `key "authorization-plugins" stands there twice`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			for name, edit := range map[string]func([]byte, string) ([]byte, error){"Add": daemonjson.Add, "Remove": daemonjson.Remove} {
				if got, err := edit([]byte(c.doc), "bulwark"); err == nil || !strings.HasPrefix(err.Error(), c.want) {
					t.Errorf("%s: got %q, %v; want error %q", name, got, err, c.want)
				}
			}
		})
	}
}

// FuzzAddThenRemove: whatever the document, adding makes valid JSON that lists bulwark and changes no
// other key, and removing it takes it away again.
func FuzzAddThenRemove(f *testing.F) {
	for _, c := range edits {
		f.Add([]byte(c.doc))
	}
	f.Fuzz(func(t *testing.T, doc []byte) {
		added, err := daemonjson.Add(doc, "bulwark")
		if err != nil {
			return
		}
		names, err := daemonjson.Plugins(added)
		if err != nil || !daemonjson.Lists(names, "bulwark") {
			t.Fatalf("after Add: plugins %q, %v in %q", names, err, added)
		}
		removed, err := daemonjson.Remove(added, "bulwark")
		if err != nil {
			t.Fatalf("Remove from %q: %v", added, err)
		}
		if names, err = daemonjson.Plugins(removed); err != nil || daemonjson.Lists(names, "bulwark") {
			t.Fatalf("after Remove: plugins %q, %v in %q", names, err, removed)
		}
		first := doc
		if len(bytes.TrimSpace(doc)) == 0 {
			first = []byte("{}")
		}
		if a, b, c := others(t, first), others(t, added), others(t, removed); !reflect.DeepEqual(a, b) || !reflect.DeepEqual(b, c) {
			t.Fatalf("other keys changed: %v, then %v, then %v", a, b, c)
		}
	})
}

// others are the values of the other keys, byte for byte.
func others(t *testing.T, doc []byte) map[string]json.RawMessage {
	t.Helper()
	var object map[string]json.RawMessage
	if err := json.Unmarshal(doc, &object); err != nil {
		t.Fatalf("%q: %v", doc, err)
	}
	delete(object, "authorization-plugins")
	return object
}

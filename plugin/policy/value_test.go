package policy

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/bulwark-authz/bulwark/plugin/input"
	"github.com/bulwark-authz/bulwark/policies"
)

// exampleDocuments are the documents of every example of every rule.
func exampleDocuments(t testing.TB) []input.Document {
	t.Helper()
	rules, err := policies.Rules()
	if err != nil {
		t.Fatal(err)
	}
	var docs []input.Document
	for _, rule := range rules {
		examples, err := rule.Examples()
		if err != nil {
			t.Fatal(err)
		}
		for _, example := range slices.Concat(examples.Deny, examples.Allow) {
			body, err := example.Request.Bytes()
			if err != nil {
				t.Fatal(err)
			}
			doc := input.FromRequest(input.Request{User: "alice", Method: example.Request.Method, URI: example.Request.URI,
				Headers: example.Request.Headers, Body: body})
			facts, err := json.Marshal(example.Facts)
			if err != nil {
				t.Fatal(err)
			}
			if err := json.Unmarshal(facts, &doc.Facts); err != nil {
				t.Fatal(err)
			}
			docs = append(docs, doc)
		}
	}
	if len(docs) < 2*len(rules) {
		t.Fatalf("%d examples of %d rules", len(docs), len(rules))
	}
	return docs
}

// checkValue compares a conversion with OPA's own.
func checkValue(t *testing.T, doc input.Document) {
	t.Helper()
	want, wantErr := ast.InterfaceToValue(doc)
	got, err := toValue(doc)
	if (err != nil) != (wantErr != nil) {
		t.Fatalf("error %v, want %v", err, wantErr)
	}
	if err == nil && got.Compare(want) != 0 {
		t.Fatalf("value\n%v\nwant\n%v", got, want)
	}
}

func TestToValueOfExamples(t *testing.T) {
	for _, doc := range exampleDocuments(t) {
		checkValue(t, doc)
	}
}

// The shapes that encoding/json knows and the document does not have today, as
// a body may have any.
type (
	Inner  struct{ A, B int }
	Middle struct {
		Inner
		B string `json:"b"`
	}
	Twin  struct{ C int }
	Other struct{ C int }
	Loop  struct {
		Next *Loop `json:"next,omitempty"`
		N    int
	}
	pointerText struct{ s string }
	shapes      struct {
		*Middle
		Twin
		Other
		private   int
		Dash      int             `json:"-"`
		Comma     int             `json:"-,"` //nolint:staticcheck // a member that is called "-"
		Quoted    int             `json:",string"`
		Float     float64         `json:"float"`
		Unsigned  uint64          `json:"unsigned,omitempty"`
		Bytes     []byte          `json:"bytes"`
		Array     [2]bool         `json:"array"`
		Numbers   map[int]string  `json:"numbers"`
		Any       map[string]any  `json:"any"`
		Raw       json.RawMessage `json:"raw,omitempty"`
		Number    json.Number     `json:"number,omitempty"`
		Text      pointerText     `json:"text"`
		TextP     *pointerText    `json:"text_p"`
		Texts     []pointerText   `json:"texts"`
		Loop      Loop            `json:"loop"`
		Zero      Loop            `json:"zero,omitzero"`
		Interface fmt.Stringer    `json:"interface"`
		Empty     *int            `json:"empty,omitempty"`
	}
)

func (p *pointerText) MarshalText() ([]byte, error) { return []byte("<" + p.s + ">"), nil }

func TestToValueOfShapes(t *testing.T) {
	one := 1
	for name, body := range map[string]any{
		"nil":     nil,
		"zero":    shapes{},
		"pointer": &shapes{Loop: Loop{Next: &Loop{N: 2}}},
		"full": shapes{Middle: &Middle{Inner: Inner{A: 1, B: 2}, B: "x"}, private: 1, Quoted: 5, Float: 1e21, Unsigned: 1 << 63, Bytes: []byte("a"),
			Numbers: map[int]string{1: "b"}, Any: map[string]any{"a": []any{1.5, nil, "x", map[string]any{}}}, Raw: json.RawMessage(`{"a": 1e2}`),
			Number: "12", TextP: &pointerText{"a"}, Texts: []pointerText{{"b"}}, Empty: &one},
		"texts":       map[string]string{"a\xff\xfe": "b\xffc", "a\xff\xff": "d", "\u2028<": "&"},
		"list":        []string{"a", "", "\x00"},
		"nil list":    []string(nil),
		"no float":    map[string]float64{"a": 1 / zero},
		"no channels": struct{ C chan int }{},
	} {
		t.Run(name, func(t *testing.T) { checkValue(t, input.Document{Body: body}) })
	}
}

var zero float64

func TestPartOf(t *testing.T) {
	doc := input.Document{Operation: "X", Method: "GET", Container: &input.Container{EnvNames: []string{"A"}, Name: input.Text{Value: "n", Field: "f"}}}
	for _, test := range []struct {
		paths [][]string
		want  string
	}{
		{nil, `{}`},
		{[][]string{{"operation"}}, `{"operation": "X"}`},
		{[][]string{{"container", "env_names"}, {"container", "name", "value"}, {"method"}},
			`{"container": {"env_names": ["A"], "name": {"value": "n"}}, "method": "GET"}`},
		{[][]string{{"container", "env_names", "0"}}, `{"container": {"env_names": ["A"]}}`},
		{[][]string{{"exec", "user"}, {"misspelt"}}, `{"exec": null}`},
	} {
		got, err := partOf(doc, test.paths)
		if err != nil || got.String() != test.want {
			t.Errorf("%q: %v, %v, want %s", test.paths, got, err, test.want)
		}
	}
}

// FuzzToValue compares the values of what any request makes.
func FuzzToValue(f *testing.F) {
	for _, body := range []string{`{"Image":"a","HostConfig":{"Binds":["/:/h"],"PortBindings":{"80/tcp":[{"HostPort":"1"}]}}}`,
		`{"Labels":{"a":"\ud800"},"NetworkingConfig":{"EndpointsConfig":{"a":null,"b":{"MacAddress":"02:42:ac:11:00:02"}}}}`} {
		f.Add("POST", "/containers/create?a=%ff", []byte(body))
	}
	f.Add("POST", "/services/create", []byte(`{"TaskTemplate":{"ContainerSpec":{"Image":"a","Privileges":{"Seccomp":{"Mode":"custom","Profile":"e30="}}}}}`))
	f.Add("POST", "/networks/create", []byte(`{"IPAM":{"Config":[{"Subnet":"10.0.0.0/8","Gateway":"10.0.0.1"}]}}`))
	f.Fuzz(func(t *testing.T, method, uri string, body []byte) {
		checkValue(t, input.FromRequest(input.Request{Method: method, URI: uri, Body: body}))
	})
}

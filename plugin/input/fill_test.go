package input

import (
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/moby/moby/api/types/swarm"
	"github.com/moby/moby/api/types/volume"
)

// filled are types that together have fields of every kind.
var filled = append([]reflect.Type{
	reflect.TypeFor[volume.CreateRequest](), reflect.TypeFor[swarm.InitRequest](), reflect.TypeFor[swarm.SecretSpec](),
	reflect.TypeFor[kinds](), reflect.TypeFor[[]string](), reflect.TypeFor[string](), reflect.TypeFor[*int8](),
}, decoded...)

// kinds has what no body has so far.
type kinds struct {
	I8       int8
	U16      uint16
	F32      float32
	Pointers **int
	Raw      []byte
	Fixed    [2]int
	Texts    map[string][]*string
	Quoted   struct {
		N int `json:",string"`
	}
}

// FuzzFill checks that what is decoded on the way is what encoding/json decodes.
func FuzzFill(f *testing.F) {
	for _, seed := range append(decodeSeeds, fillSeeds...) {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, typ := range filled {
			compareFilled(t, body, typ)
		}
	})
}

var fillSeeds = []string{
	`{"I8":127,"U16":65535,"F32":1.5,"Pointers":1,"Raw":"AAEC","Fixed":[1,2],"Texts":{"a":["b",null],"c":null,"d":[]},"Quoted":{"N":"1"}}`,
	`{"I8":128}`, `{"U16":-1}`, `{"F32":1e39}`, `{"i8":1}`, `{"I8":1.0}`, `{"I8":"1"}`, `{"I8":-0}`, `{"Texts":{"a":[true]}}`, `{"Raw":"A"}`, `{"Fixed":[1,2,3]}`,
	`{"Config":null,"Image":null,"HostConfig":{"CapAdd":"ALL","Binds":null,"Mounts":[{"Type":"bind","BindOptions":{"Propagation":"rslave"}},null]}}`,
	`{"Env":["A=1",null,"\u0041=2","B"],"Cmd":"x","Entrypoint":[],"Labels":{},"Volumes":{"/a":{}},"User":"\u00e4\n"}`,
	`{"Data":"e30=","Name":"a","Labels":{"a":"b"}}`, `["a",null]`, `{"Image":null}`, `{"Image":"ä","Labels":{"ß":"\u00e4"}}`, `null`, `"a"`, `12`, `{"Volumes":{"/a":null},"ExposedPorts":{"80/tcp":{}}}`,
	`{"ListenAddr":"a","Spec":{"Orchestration":{"TaskHistoryRetentionLimit":null},"Raft":{"SnapshotInterval":1}},"DefaultAddrPool":["10.0.0.0/8"],"SubnetSize":24}`,
}

func compareFilled(t *testing.T, body []byte, typ reflect.Type) {
	t.Helper()
	got, want := reflect.New(typ), reflect.New(typ)
	s := scanner{data: body}
	if !s.document(shapeOf(typ), got.Elem()) || !s.filled() || !utf8.Valid(body) {
		return
	}
	if err := decode(s.normalised(), want.Interface()); err != nil {
		t.Fatalf("%q into %s: filled, but %v", body, typ, err)
	}
	if !reflect.DeepEqual(got.Interface(), want.Interface()) {
		t.Fatalf("%q into %s (-encoding/json +filled): %s", body, typ, cmp.Diff(want.Interface(), got.Interface()))
	}
}

// TestBodiesAreFilled keeps ordinary bodies from being decoded the slow way.
func TestBodiesAreFilled(t *testing.T) {
	for typ, body := range map[reflect.Type]string{
		reflect.TypeFor[createRequest](): fillSeeds[11], reflect.TypeFor[volume.CreateRequest](): `{"Name":"a","DriverOpts":{"type":"none"}}`,
		reflect.TypeFor[kinds](): fillSeeds[0], reflect.TypeFor[swarm.SecretSpec](): `{"Data":"e30=","Name":"a","Labels":{"a":"b"}}`,
	} {
		s := scanner{data: []byte(body)}
		if !s.document(shapeOf(typ), reflect.New(typ).Elem()) || !s.filled() {
			t.Errorf("%s into %s was not filled: %+v", body, typ, s.anomalies)
		}
	}
}

// TestFieldsAreDistinct checks what filling takes for granted: that a key names
// one field of a struct, whatever its letter case.
func TestFieldsAreDistinct(t *testing.T) {
	seen := map[reflect.Type]bool{}
	var visit func(reflect.Type)
	visit = func(typ reflect.Type) {
		typ = deref(typ)
		if seen[typ] {
			return
		}
		seen[typ] = true
		switch typ.Kind() {
		case reflect.Slice, reflect.Map, reflect.Array:
			visit(typ.Elem())
		case reflect.Struct:
			names := map[string]string{}
			for _, f := range reflect.VisibleFields(typ) {
				name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
				if name == "" {
					name = f.Name
				}
				if !f.IsExported() || f.Tag.Get("json") == "-" || f.Anonymous && f.Tag.Get("json") == "" {
					continue
				}
				if other, taken := names[fold(name)]; taken {
					t.Errorf("%s: %s and %s are one key", typ, name, other)
				}
				names[fold(name)] = name
				visit(f.Type)
			}
		}
	}
	for _, op := range routes {
		if op.body.decode == nil {
			continue
		}
		body, anomalies := op.body.decode([]byte("null"))
		if len(anomalies) > 0 {
			t.Fatalf("%s: %+v", op.id, anomalies)
		}
		visit(reflect.TypeOf(body))
	}
	if len(seen) < 100 {
		t.Fatalf("looked at %d types", len(seen))
	}
}

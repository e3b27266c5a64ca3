package input

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// decoded are the types whose decoding is compared with encoding/json.
var decoded = []reflect.Type{
	reflect.TypeFor[createRequest](), reflect.TypeFor[serviceSpec](), reflect.TypeFor[map[string]any](), reflect.TypeFor[any](),
}

var decodeSeeds = []string{
	`{"Image":"a","HostConfig":{"Binds":["/a:/b"],"PortBindings":{"80/tcp":[{"HostIp":"::1","HostPort":"80"}]},"ConsoleSize":[1,2,3]}}`,
	`{"NetworkingConfig":{"EndpointsConfig":{"a":{"IPAMConfig":{"IPv4Address":"10.0.0.1"},"MacAddress":"02:42:ac:11:00:02"}}}}`,
	`{"TaskTemplate":{"ContainerSpec":{"Image":"a","Hosts":null,"Secrets":[{"File":{"Mode":292}}]}},"Mode":{"Replicated":{"Replicas":1}}}`,
	`{"Labels":{"a":"\ud800\u0041\"\/\b\f\n\r\t\\","\u0061":""}}`, `{"HostConfig":{"Memory":1e3,"CpuShares":-0,"NanoCpus":1.5,"PidsLimit":null}}`,
	` [1, -0.5e+10 ,true,false,null,"x",{}, [] ]`, `01`, `-`, `1.`, `1e`, `"\u12"`, "\"\x01\"", "\"\xff\"", `{"a":1,}`, `{,}`, `{"a" 1}`, `[1 2]`, `{"a":1}}`,
	`{"a":{"b":{"c":[[[{}]]]}}}`, `"\x"`, `nul`, `truefalse`, "\ufeff{}", ``, `{"Cmd":"x","StopTimeout":"1","StopTimeout":2}`, `"12345678"`, `"1234567\\"`, `"123456\"7"`,
}

// FuzzScan checks that what is scanned to the end is what encoding/json takes
// for a document, and that nothing else is.
func FuzzScan(f *testing.F) {
	for _, seed := range decodeSeeds {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, typ := range decoded {
			s := scanner{data: body}
			if ok := s.document(shapeOf(typ), reflect.New(typ).Elem()); ok != json.Valid(body) && (s.refused == AnomalyJSON || ok) {
				t.Fatalf("%q beside %s: read %v, refused %q", body, typ, ok, s.refused)
			}
		}
	})
}

// FuzzDecode checks that a document is decoded as encoding/json does.
func FuzzDecode(f *testing.F) {
	for _, seed := range decodeSeeds {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, typ := range decoded {
			want, got := reflect.New(typ), reflect.New(typ)
			wantErr := json.Unmarshal(body, want.Interface())
			err := decode(body, got.Interface())
			if (err == nil) != (wantErr == nil) {
				t.Fatalf("%q into %s: error %v, want %v", body, typ, err, wantErr)
			}
			if !reflect.DeepEqual(got.Interface(), want.Interface()) {
				t.Fatalf("%q into %s: %s", body, typ, cmp.Diff(want.Interface(), got.Interface()))
			}
		}
	})
}

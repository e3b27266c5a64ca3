package plugin

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/docker/go-plugins-helpers/authorization"
	"github.com/google/go-cmp/cmp"
)

func TestDecodeRequest(t *testing.T) {
	const get = `"RequestMethod":"GET","RequestUri":"/info"`
	request := authorization.Request{RequestMethod: "GET", RequestURI: "/info"}
	withBody := request
	withBody.RequestBody = []byte("{}")
	tests := []struct {
		name, data string
		want       authorization.Request
	}{
		{"least", `{` + get + `}`, request},
		{"body", `{` + get + `,"RequestBody":"e30="}`, withBody},
		{"null body is none", `{` + get + `,"RequestBody":null}`, request},
		{"no certificate is looked at", `{` + get + `,"RequestPeerCertificates":["bm90IFBFTQ=="]}`, request},
		{"fields of later engines", `{` + get + `,"Later":{"RequestMethod":"POST"}}`, request},
		{"space around it", " {" + get + "}\n", request},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := decodeRequest([]byte(test.data))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("request (-want +got):\n%s", diff)
			}
			if (got.RequestBody == nil) != (test.want.RequestBody == nil) {
				t.Errorf("body %#v", got.RequestBody)
			}
		})
	}
}

func TestDecodeRequestReadsWhatTheEngineWrites(t *testing.T) {
	data, err := json.Marshal(createRequest)
	if err != nil {
		t.Fatal(err)
	}
	got, err := decodeRequest(data)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(createRequest, got); diff != "" {
		t.Errorf("request (-want +got):\n%s", diff)
	}
}

func TestDecodeRequestErrors(t *testing.T) {
	const get = `"RequestMethod":"GET","RequestUri":"/info"`
	tests := []struct{ name, data, want string }{
		{"nothing", "", "the engine sent no request along, as it does when it asks a second time; run the command again"},
		{"half", `{` + get, "reading what the engine sent: unexpected end of JSON input"},
		{"two", `{` + get + `}{` + get + `}`, "reading what the engine sent: invalid character '{' after top-level value"},
		{"null", `null`, "the engine named no method or no address"},
		{"list", `[]`, "reading what the engine sent: json: cannot unmarshal array into Go value of type plugin.envelope"},
		{"no method", `{"RequestUri":"/info"}`, "the engine named no method or no address"},
		{"no address", `{"RequestMethod":"GET","RequestUri":null}`, "the engine named no method or no address"},
		{"method twice", `{` + get + `,"RequestMethod":"POST"}`, "reading what the engine sent: a part of the request is given twice"},
		{"address twice in another case", `{` + get + `,"requesturi":"/x"}`, "reading what the engine sent: a part of the request is given twice"},
		{"body that is no base64", `{` + get + `,"RequestBody":"{}"}`, "reading what the engine sent: illegal base64 data at input byte 0"},
		{"body of another type", `{` + get + `,"RequestBody":{}}`, "reading what the engine sent: json: cannot unmarshal object into Go struct field envelope.RequestBody of type []uint8"},
		{"too deep", `{` + get + `,"x":` + strings.Repeat("[", 10001), "reading what the engine sent: invalid character '[' exceeded max depth"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := decodeRequest([]byte(test.data))
			if err == nil || err.Error() != test.want {
				t.Errorf("error %v\nwant  %s", err, test.want)
			}
			if !cmp.Equal(got, authorization.Request{}) {
				t.Errorf("half a request: %+v", got)
			}
		})
	}
}

func FuzzDecodeRequest(f *testing.F) {
	f.Add([]byte(`{"RequestMethod":"GET","RequestUri":"/info","RequestBody":"e30=","RequestHeaders":{"A":"b"}}`))
	f.Add([]byte(`{"requestmethod":"GET","RequestMethod":null}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		req, err := decodeRequest(data)
		if err != nil && !cmp.Equal(req, authorization.Request{}) {
			t.Errorf("half a request: %+v", req)
		}
		if err == nil && (req.RequestMethod == "" || req.RequestURI == "" || !json.Valid(data)) {
			t.Errorf("request %+v of %q", req, data)
		}
	})
}

package plugin

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/docker/go-plugins-helpers/authorization"
	"github.com/google/go-cmp/cmp"

	"github.com/bulwark-authz/bulwark/plugin/input"
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
		{"list", `[]`, "reading what the engine sent: it is no JSON object"},
		{"no method", `{"RequestUri":"/info"}`, "the engine named no method or no address"},
		{"no address", `{"RequestMethod":"GET","RequestUri":null}`, "the engine named no method or no address"},
		{"method twice", `{` + get + `,"RequestMethod":"POST"}`, "reading what the engine sent: a part of the request is given twice"},
		{"address twice in another case", `{` + get + `,"requesturi":"/x"}`, "reading what the engine sent: a part of the request is given twice"},
		{"body that is no base64", `{` + get + `,"RequestBody":"{}"}`, "reading what the engine sent: illegal base64 data at input byte 0"},
		{"body of another type", `{` + get + `,"RequestBody":{}}`, "reading what the engine sent: json: cannot unmarshal object into Go value of type []uint8"},
		{"too deep", `{` + get + `,"x":` + strings.Repeat("[", 10001), "reading what the engine sent: it has too many values, or too many levels of them"},
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

// slowEnvelope decodes like decodeRequest, with encoding/json.
type slowEnvelope struct {
	User            slowOnce[string]
	UserAuthNMethod slowOnce[string]
	RequestMethod   slowOnce[string]
	RequestURI      slowOnce[string] `json:"RequestUri"`
	RequestHeaders  slowOnce[map[string]string]
	RequestBody     slowOnce[[]byte]
}

type slowOnce[T any] struct {
	value T
	given bool
}

func (o *slowOnce[T]) UnmarshalJSON(data []byte) error {
	if o.given {
		return errTwice
	}
	o.given = true
	return json.Unmarshal(data, &o.value)
}

// slowDecodeRequest is what decodeRequest is compared with.
func slowDecodeRequest(data []byte) (req authorization.Request, ok bool) {
	var e slowEnvelope
	if err := json.Unmarshal(data, &e); err != nil || e.RequestMethod.value == "" || e.RequestURI.value == "" {
		return req, false
	}
	return authorization.Request{User: e.User.value, UserAuthNMethod: e.UserAuthNMethod.value, RequestMethod: e.RequestMethod.value,
		RequestURI: e.RequestURI.value, RequestHeaders: e.RequestHeaders.value, RequestBody: e.RequestBody.value}, true
}

func FuzzDecodeRequest(f *testing.F) {
	for _, seed := range []string{
		`{"RequestMethod":"GET","RequestUri":"/info","RequestBody":"e30=","RequestHeaders":{"A":"b"}}`,
		`{"requestmethod":"GET","RequestMethod":null}`, `{"RequestMethod":"\u0047","RequeſtUri":"\ud800","User":"\xff","x":[1,{"User":1}]}`,
		`{"RequestMethod":"a","RequestUri":"b","RequestBody":"e3\n0=","RequestHeaders":{"A":"b","A":"c"}}`,
		`{"RequestMethod":"a","RequestUri":"b","RequestBody":"e\u0033\r0=","RequestHeaders":null,"User":null}`,
		`{"RequestMethod":"a","RequestUri":"b","RequestBody":""}`, `{"RequestMethod":"a","RequestUri":"b","RequestBody":"e30"}`, `null`, `[]`,
		`{"RequestMethod":"a","RequestUri":"b","RequestBody":[1,2]}`, `{"RequestMethod":"a","RequestUri":"b","RequestBody":null} {}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		req, err := decodeRequest(data)
		if err != nil && !cmp.Equal(req, authorization.Request{}) {
			t.Errorf("half a request: %+v", req)
		}
		if errors.Is(err, input.ErrTooMuch) {
			return
		}
		want, ok := slowDecodeRequest(data)
		if ok != (err == nil) {
			t.Fatalf("%q: error %v; encoding/json reads it: %v", data, err, ok)
		}
		if diff := cmp.Diff(want, req); diff != "" {
			t.Errorf("%q (-encoding/json +got): %s", data, diff)
		}
	})
}

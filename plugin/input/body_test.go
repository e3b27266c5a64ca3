package input

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestBodyRules(t *testing.T) {
	type headers map[string]string
	for _, tc := range []struct {
		name, method, uri string
		headers           headers
		body              string
		want              []string
	}{
		{"JSON body", "POST", "/containers/create", headers{"Content-Type": "application/json"}, `{}`, nil},
		{"JSON body under any type", "POST", "/containers/create", headers{"Content-Type": "text/plain"}, `{}`, nil},
		{"withheld", "POST", "/containers/create", headers{"Content-Type": "application/json"}, "", []string{AnomalyWithheld}},
		{"withheld from swarm", "POST", "/swarm/join", nil, "", []string{AnomalyWithheld}},
		{"withheld from a plugin setting", "POST", "/plugins/x/set", nil, "", []string{AnomalyWithheld}},

		{"no body", "POST", "/containers/x/start", nil, "", nil},
		{"length zero", "POST", "/containers/x/start", headers{"Content-Length": "0"}, "", nil},
		{"length zero with a type", "POST", "/containers/x/attach", headers{"Content-Type": "text/plain", "Content-Length": "0"}, "", nil},
		{"length zero, header in another case", "POST", "/containers/x/attach", headers{"content-type": "text/plain", "content-length": "0"}, "", nil},
		{"form", "POST", "/images/create?fromImage=a", headers{"Content-Type": "application/x-www-form-urlencoded", "Content-Length": "9"}, "", []string{AnomalyHiddenForm}},
		{"chunked form", "POST", "/images/create?fromImage=a", headers{"Content-Type": "application/x-www-form-urlencoded"}, "", []string{AnomalyHiddenForm}},
		{"multipart", "POST", "/images/a/tag?repo=b", headers{"Content-Type": "multipart/form-data; boundary=B"}, "", []string{AnomalyHiddenForm}},
		{"form behind a second type", "POST", "/containers/x/rename?name=a", headers{"Content-Type": "application/json"}, "", []string{AnomalyHiddenForm}},
		{"form behind an empty type", "POST", "/containers/x/kill", headers{"Content-Type": ""}, "", []string{AnomalyHiddenForm}},
		{"length 00", "POST", "/containers/x/kill", headers{"Content-Type": "x", "Content-Length": "00"}, "", []string{AnomalyHiddenForm}},
		{"multipart in a GET", "GET", "/containers/x/attach/ws", headers{"Content-Type": "multipart/form-data; boundary=B"}, "", []string{AnomalyHiddenForm}},
		{"type in a harmless GET", "GET", "/containers/json", headers{"Content-Type": "application/json"}, "", nil},

		{"empty object", "POST", "/containers/x/start", headers{"Content-Type": "application/json", "Content-Length": "2"}, `{}`, nil},
		{"object of nothing", "POST", "/containers/x/start", nil, ` {"Binds":null} `, nil},
		{"blank", "POST", "/containers/x/start", nil, " \n", nil},
		{"HostConfig at start", "POST", "/v1.23/containers/x/start", nil, `{"Privileged":true}`, []string{AnomalyUnexpected}},
		{"something that is not JSON", "POST", "/containers/x/start", nil, `[`, []string{AnomalyUnexpected}},

		{"parameters repeated as JSON", "POST", "/images/create?fromImage=a", headers{"Content-Type": "application/json"}, `{"fromImage":"a","tag":"1"}`, nil},
		{"a stop with a body", "POST", "/containers/x/stop?t=10", headers{"Content-Type": "application/json"}, `{"t":10}`, nil},
		{"commit without a body", "POST", "/commit?container=x", nil, "", nil},
		{"commit with a config", "POST", "/commit?container=x", nil, `{"User":"0"}`, nil},
		{"commit with a form", "POST", "/commit?container=x", headers{"Content-Type": "application/x-www-form-urlencoded"}, "", []string{AnomalyHiddenForm}},

		{"login, hidden on purpose", "POST", "/auth", headers{"Content-Type": "application/json", "Content-Length": "40"}, "", nil},
		{"archive", "PUT", "/containers/x/archive?path=/", headers{"Content-Type": "application/x-tar"}, "", nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			req := Request{Method: tc.method, URI: tc.uri, Headers: tc.headers}
			if tc.body != "" {
				req.Body = []byte(tc.body)
			}
			var got []string
			for _, a := range FromRequest(req).Anomalies {
				got = append(got, a.Code)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestLoginIsNeverRead makes sure that a password does not even get into the
// document, should an engine forward the body of a login.
func TestLoginIsNeverRead(t *testing.T) {
	doc := FromRequest(Request{Method: "POST", URI: "/v1.41/auth", Body: []byte(`{"username":"u","password":"p"}`)})
	if doc.Body != nil || doc.Operation != "SystemAuth" || len(doc.Anomalies) > 0 {
		t.Errorf("operation %s, body %v, anomalies %v", doc.Operation, doc.Body, doc.Anomalies)
	}
}

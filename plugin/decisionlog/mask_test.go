package decisionlog

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bulwark-authz/bulwark/plugin/input"
)

func TestMask(t *testing.T) {
	tests := []struct{ name, document, want string }{
		{"parameters", `{"query":{"buildargs":["{\"T\":\"x\"}"],"force":["1"],"q":["","true"],"ps_args":["-ef"],"t":[]}}`,
			`{"query":{"buildargs":["***"],"force":["1"],"q":["","true"],"ps_args":["-ef"],"t":[]}}`},
		{"labels", `{"labels":{"role":"db-1","api-token":"abc","DB_PASSWORD":"1","note":"a b","empty":""}}`,
			`{"labels":{"role":"db-1","api-token":"***","DB_PASSWORD":"1","note":"***","empty":""}}`},
		{"SELinux labels are no labels", `{"labels":[{"value":"type:x y","field":"HostConfig.SecurityOpt[0]"}]}`,
			`{"labels":[{"value":"type:x y","field":"HostConfig.SecurityOpt[0]"}]}`},
		{"options", `{"options":[{"name":"o","value":"username=u,password=p","field":"f"},{"name":"type","value":"nfs","field":"g"}]}`,
			`{"options":[{"name":"o","value":"***","field":"f"},{"name":"type","value":"nfs","field":"g"}]}`},
		{"options of a tmpfs", `{"options":["exec","size=1m"]}`, `{"options":["exec","size=1m"]}`},
		{"options in a body", `{"body":{"LogConfig":{"Type":"gelf","Config":{"tag":"{{.ID}}","splunk-token":"x"}}}}`,
			`{"body":{"LogConfig":{"Type":"gelf","Config":{"tag":"{{.ID}}","splunk-token":"***"}}}}`},
		{"a list called Config", `{"IPAM":{"Config":[{"Subnet":"10.0.0.0/8"}]}}`, `{"IPAM":{"Config":[{"Subnet":"10.0.0.0/8"}]}}`},
		{"commands", `{"body":{"Cmd":["sh","-c",""],"Entrypoint":null,"Healthcheck":{"Test":["NONE"]}}}`,
			`{"body":{"Cmd":["***","***",""],"Entrypoint":null,"Healthcheck":{"Test":["***"]}}}`},
		{"flags of a mount", `{"body":{"MountVolume":{"FsType":"cifs","MountFlags":["password=x"]}}}`,
			`{"body":{"MountVolume":{"FsType":"cifs","MountFlags":["***"]}}}`},
		{"credentials of an address", `{"remote":{"value":"https://bob:x@host/a.git#b","field":"remote"}}`,
			`{"remote":{"value":"https://***@host/a.git#b","field":"remote"}}`},
		{"query of an address", `{"remote":{"value":"https://host/a?token=x"},"plain":"what?"}`,
			`{"remote":{"value":"https://host/a?***"},"plain":"what?"}`},
		{"keys and values alike", `{"facts":{"images":{"u:p@host/app":{}}},"images":[{"value":"u:p@host/app"}]}`,
			`{"facts":{"images":{"***@host/app":{}}},"images":[{"value":"***@host/app"}]}`},
		{"digests stay", `{"value":"app:1@sha256:abc"}`, `{"value":"app:1@sha256:abc"}`},
		{"what a terminal acts on", `{"a":"x` + "\u0085\x7f\u202e\U000e0001é" + `"}`, `{"a":"x\u0085\u007f\u202e\udb40\udc01é"}`},
		{"numbers and literals", `{"a":-1.5e3,"b":[1,null,true],"c":{}}`, `{"a":-1.5e3,"b":[1,null,true],"c":{}}`},
		{"escapes", `{"a":"\"\\","labels":{"a\"b":"c\\"}}`, `{"a":"\"\\","labels":{"a\"b":"***"}}`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := string(appendMasked(nil, []byte(test.document)))
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			if !json.Valid([]byte(got)) {
				t.Error("not JSON")
			}
		})
	}
}

// hideouts are requests with something secret wherever a client can put it.
var hideouts = []struct{ name, method, uri, body string }{
	{"create", "POST", "/v1.41/containers/create?Env=A%3Ds3cret", `{"Image":"u:s3cret@host/app","Env":["A=s3cret"],"Cmd":["s3cret s3cret"],
		"Entrypoint":"s3cret","Healthcheck":{"Test":["CMD","s3cret"]},"Shell":["s3cret"],"OnBuild":["ENV A=s3cret"],
		"Labels":{"users":"admin:$apr1$s3cret","api-key":"s3cret"},
		"HostConfig":{"LogConfig":{"Type":"splunk","Config":{"splunk-token":"s3cret"}},"Annotations":{"a":"s3cret s3cret"},
			"StorageOpt":{"a":"s3cret"},"DeviceRequests":[{"Options":{"a":"s3cret"}}],
			"Mounts":[{"Type":"volume","Target":"/x","VolumeOptions":{"Labels":{"secret":"s3cret"},
				"DriverConfig":{"Name":"local","Options":{"o":"username=u,password=s3cret"}}}}]},
		"NetworkingConfig":{"EndpointsConfig":{"n":{"DriverOpts":{"a":"s3cret"}}}}}`},
	{"build", "POST", "/build?remote=https://u:s3cret@host/x.git%3Ftoken%3Ds3cret&buildargs=%7B%22A%22:%22s3cret%22%7D&labels=%7B%22A%22:%22s3cret%22%7D&t=u:s3cret@host/x", ""},
	{"import", "POST", "/images/create?fromSrc=https://u:s3cret@host/x&changes=ENV+A=s3cret", ""},
	{"commit", "POST", "/commit?container=c", `{"Env":["A=s3cret"],"Cmd":["s3cret"],"Labels":{"token":"s3cret"}}`},
	{"exec", "POST", "/containers/c/exec", `{"Env":["A=s3cret"],"Cmd":["mysql","-ps3cret"]}`},
	{"volume", "POST", "/volumes/create", `{"Name":"v","DriverOpts":{"o":"password=s3cret","device":"//u:s3cret@host/share"},"Labels":{"auth":"s3cret"}}`},
	{"network", "POST", "/networks/create", `{"Name":"n","Options":{"a":"s3cret"},"IPAM":{"Driver":"x","Options":{"a":"s3cret"}},"Labels":{"token":"s3cret"}}`},
	{"service", "POST", "/services/create", `{"Name":"s","Labels":{"token":"s3cret"},"TaskTemplate":{"LogDriver":{"Name":"x","Options":{"a":"s3cret"}},
		"PluginSpec":{"name":"p","env":["A=s3cret"]},
		"ContainerSpec":{"Image":"app","Env":["A=s3cret"],"Args":["s3cret"],"Command":["s3cret"],"Labels":{"token":"s3cret"}}}}`},
	{"secret", "POST", "/secrets/create", `{"Name":"s","Data":"czNjcmV0","Labels":{"token":"s3cret"}}`},
	{"swarm", "POST", "/swarm/join", `{"JoinToken":"s3cret","RemoteAddrs":["u:s3cret@host:1"]}`},
	{"swarm update", "POST", "/swarm/update", `{"CAConfig":{"ExternalCAs":[{"URL":"https://u:s3cret@host","Options":{"a":"s3cret"}}],"SigningCAKey":"s3cret"}}`},
	{"unlock", "POST", "/swarm/unlock", `{"UnlockKey":"s3cret"}`},
	{"plugin settings", "POST", "/plugins/p/set", `["A=s3cret"]`},
	{"login", "POST", "/auth", `{"password":"s3cret"}`},
}

func TestNothingSecretIsRecorded(t *testing.T) {
	for _, hideout := range hideouts {
		t.Run(hideout.name, func(t *testing.T) {
			req := input.Request{Method: hideout.method, URI: hideout.uri, Headers: map[string]string{"X-Registry-Auth": "s3cret"}}
			if hideout.body != "" {
				req.Body = []byte(hideout.body)
			}
			doc := input.FromRequest(req)
			if doc.Operation == "" {
				t.Fatal("there is no such route")
			}
			document, err := json.Marshal(doc)
			if err != nil {
				t.Fatal(err)
			}
			if got := string(appendMasked(nil, document)); strings.Contains(got, "s3cret") || strings.Contains(got, "czNjcmV0") {
				t.Errorf("recorded: %s", got)
			}
		})
	}
}

// TestMaskedKeepsTheShape masks documents full of texts: every key, every
// length of a list and every other value is as it was.
func TestMaskedKeepsTheShape(t *testing.T) {
	for _, hideout := range hideouts {
		document, err := json.Marshal(input.FromRequest(input.Request{Method: hideout.method, URI: hideout.uri, Body: []byte(hideout.body)}))
		if err != nil {
			t.Fatal(err)
		}
		if want, got := shape(t, document), shape(t, appendMasked(nil, document)); want != got {
			t.Errorf("%s: -want +got:\n%s", hideout.name, cmp.Diff(want, got))
		}
	}
}

// shape is a document with the same text everywhere.
func shape(t *testing.T, document []byte) string {
	t.Helper()
	var value any
	if err := json.Unmarshal(document, &value); err != nil {
		t.Fatal(err)
	}
	var walk func(any) any
	walk = func(value any) any {
		switch value := value.(type) {
		case string:
			return value != ""
		case []any:
			for i := range value {
				value[i] = walk(value[i])
			}
		case map[string]any:
			for key := range value {
				value[key] = walk(value[key])
			}
		}
		return value
	}
	return fmt.Sprint(walk(value))
}

func FuzzMask(f *testing.F) {
	f.Add("labels", "k@y", "va\\\"lue\u202e")
	f.Fuzz(func(t *testing.T, outer, key, text string) {
		document, err := json.Marshal(map[string]any{outer: map[string]any{key: []any{text, map[string]any{"name": text, "value": text}}}})
		if err != nil {
			t.Fatal(err)
		}
		if got := appendMasked(nil, document); !json.Valid(got) {
			t.Errorf("mask(%s) = %s", document, got)
		}
	})
}

package input

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/network"
)

// strSlice is how engines up to 28 read Cmd, CapAdd and the like.
type strSlice []string

func (s *strSlice) UnmarshalJSON(b []byte) error {
	var list []string
	if json.Unmarshal(b, &list) == nil {
		*s = list
		return nil
	}
	var one string
	if err := json.Unmarshal(b, &one); err != nil {
		return err
	}
	*s = strSlice{one}
	return nil
}

// The wrapper of engine 20.10 (moby v20.10.24 runconfig/config_unix.go) around
// today's types, which have the same keys.
type (
	HostConfig2010 struct {
		*container.HostConfig
		CapAdd  strSlice
		CapDrop strSlice
	}
	Config2010 struct {
		*container.Config
		Cmd        strSlice
		Entrypoint strSlice
		Shell      strSlice
	}
	wrapper2010 struct {
		*Config2010
		Inner            *HostConfig2010 `json:"HostConfig,omitempty"`
		NetworkingConfig *network.NetworkingConfig
		*HostConfig2010
	}
)

// today brings what engine 20.10 would act on into today's shape.
func (w wrapper2010) today() container.CreateRequest {
	req := container.CreateRequest{NetworkingConfig: w.NetworkingConfig}
	if w.Config2010 != nil {
		req.Config = w.Config2010.Config
		if req.Config == nil {
			req.Config = &container.Config{}
		}
		req.Config.Cmd, req.Config.Entrypoint, req.Config.Shell = w.Cmd, w.Entrypoint, w.Shell
	}
	host := w.HostConfig2010
	if w.Inner != nil {
		host = w.Inner
	}
	if host != nil {
		req.HostConfig = host.HostConfig
		if req.HostConfig == nil {
			req.HostConfig = &container.HostConfig{}
		}
		req.HostConfig.CapAdd, req.HostConfig.CapDrop = host.CapAdd, host.CapDrop
	}
	return req
}

// FuzzDecodeCreate checks that a body without anomalies means the same to
// Bulwark, to an engine of today and to engine 20.10.
func FuzzDecodeCreate(f *testing.F) {
	for _, seed := range []string{
		`{"Image":"busybox","User":"1000","HostConfig":{"Privileged":true}}`,
		`{"image":"a","hostconfig":{"BINDS":["/:/h"],"capadd":"ALL"}}`,
		`{"HostConfig":{"Mounts":[{"Type":"bind","Source":"/etc","Target":"/h"}],"Mounts":[{"Target":"/x"}]}}`,
		`{"HostConfig":{"Privileged":true,"Privileged":null}}`,
		`{"HoſtConfig":{"Linkſ":["a"]},"Cmd":"x"}`,
		`{"Privileged":true,"HostConfig":null,"MaskedPaths":[]}`,
		`{"ExposedPorts":{"80/tcp":{}},"HostConfig":{"PortBindings":{"80/tcp":[{"HostIp":"","HostPort":"80"}]}}}`,
		`{"NetworkingConfig":{"EndpointsConfig":{"a":{"IPAMConfig":{"IPv4Address":"10.0.0.1"},"MacAddress":"02:42:ac:11:00:02"}}}}`,
		`{"Env":["A=1","B\u003d2","C","\"=x","=","D=\\"],"Env2":["A=1"]}`, `{"Labels":{"a":"\ud800"}}]`, "\ufeff{}", `null`, `{"StopTimeout":10,"Healthcheck":{"Test":["CMD","x"],"Interval":1}}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var ours createRequest
		if anomalies, _ := decodeStrict(body, &ours); len(anomalies) > 0 {
			return
		}
		var old wrapper2010
		if err := json.NewDecoder(bytes.NewReader(body)).Decode(&old); err == nil { // else it does nothing
			compare(t, body, "engine 20.10", old.today(), ours.CreateRequest)
		}
		var now container.CreateRequest
		if err := json.Unmarshal(body, &now); err != nil {
			return // a string for a list: engine 29 refuses it, older ones do not
		}
		compare(t, body, "today's engine", now, ours.CreateRequest)
	})
}

// compare compares what is stated: what says nothing is the same as absent.
func compare(t *testing.T, body []byte, engine string, theirs, ours container.CreateRequest) {
	t.Helper()
	for _, config := range []*container.Config{theirs.Config, ours.Config} {
		if config != nil && config.Env != nil {
			config.Env = envNames(config.Env) // values are left out
		}
	}
	if diff := cmp.Diff(stripped(t, theirs), stripped(t, ours)); diff != "" {
		t.Fatalf("%s reads %q differently: %s", engine, body, diff)
	}
}

func stripped(t *testing.T, req container.CreateRequest) any {
	t.Helper()
	text, err := json.Marshal(req)
	if err != nil {
		t.Fatal(err)
	}
	var v any
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatal(err)
	}
	return strip(v)
}

func strip(v any) any {
	if object, ok := v.(map[string]any); ok {
		delete(object, "ConsoleSize") // of fixed length, so that it is there even when nobody stated it
		for key, value := range object {
			value = strip(value)
			text, _ := json.Marshal(value)
			if _, isList := value.([]any); saysNothing(text) && !isList {
				delete(object, key)
			}
		}
	}
	return v
}

// FuzzFromRequest checks that no request makes a panic, and that the document
// can be given to rules as JSON.
func FuzzFromRequest(f *testing.F) {
	for _, op := range routes {
		f.Add(op.method, op.path+"?name=a&t=b&remote=c", []byte(`{}`))
	}
	f.Add("POST", "/services/create", []byte(`{"TaskTemplate":{"ContainerSpec":{"Image":"a","Privileges":{"Seccomp":{"Mode":"custom","Profile":"e30="}}}}}`))
	f.Add("POST", "/plugins/pull", []byte(`[{"Name":"mount","Value":["/"]}]`))
	f.Add("POST", "/containers/create", []byte(`{"HostConfig":{"SecurityOpt":["seccomp={}","label:disable"],"BlkioWeightDevice":[null],"Ulimits":[null]}}`))
	f.Fuzz(func(t *testing.T, method, uri string, body []byte) {
		doc := FromRequest(Request{Method: method, URI: uri, Body: body})
		if _, err := json.Marshal(doc); err != nil {
			t.Fatalf("encoding the document: %v", err)
		}
	})
}

package input

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestDecodeStrict(t *testing.T) {
	for _, tc := range []struct {
		name, body string
		want       []string // code and field
	}{
		{"plain", `{"Image":"a","HostConfig":{"Binds":["/a:/b"]}}`, nil},
		{"keys in another case", `{"image":"a","hostCONFIG":{"binds":null}}`, nil},
		{"labels that differ in case", `{"Labels":{"A":"1","a":"2"}}`, nil},
		{"surrounding space", " \r\n\t{\"Image\":\"a\"}\n ", nil},
		{"null body", `null`, nil},
		{"unknown fields that say nothing", `{"X":null,"Y":0,"Z":"","L":[],"O":{"a":null},"F":false,"N":-0.0e5}`, nil},
		{"fields engines ignore", `{"name":"x","MacAddress":"02:42:ac:11:00:02","Cpuset":"0","HostConfig":{"KernelMemory":1}}`, nil},
		{"string for a list", `{"Cmd":"id","Entrypoint":"x","HostConfig":{"CapAdd":"SYS_ADMIN","CapDrop":"ALL"}}`, nil},
		{"a pair of surrogates", `{"Labels":{"a":"\ud83d\ude00"}}`, nil},

		{"duplicate key", `{"Image":"a","Image":"b"}`, []string{"duplicate_key Image"}},
		{"duplicate in another case", `{"HostConfig":{"Privileged":false,"privileged":true}}`, []string{"duplicate_key HostConfig.Privileged"}},
		{"duplicate by folding", `{"HostConfig":{"SecurityOpt":[],"ſecurityOpt":[]}}`, []string{"duplicate_key HostConfig.SecurityOpt", "folded_key HostConfig.SecurityOpt"}},
		{"duplicate by escape", `{"Image":"a","\u0049mage":"b"}`, []string{"duplicate_key Image"}},
		{"duplicate label", `{"Labels":{"a":"1","a":"2"}}`, []string{"duplicate_key Labels.a"}},
		{"one port in two spellings", `{"HostConfig":{"PortBindings":{"80/tcp":[{"HostPort":"22"}],"80":[]}}}`, []string{"duplicate_key HostConfig.PortBindings.80"}},
		{"one port in upper case", `{"ExposedPorts":{"80/tcp":{},"80/TCP":{}}}`, []string{"duplicate_key ExposedPorts.80/TCP"}},
		{"two ports", `{"ExposedPorts":{"80/tcp":{},"80/udp":{}}}`, nil},
		{"duplicate unknown", `{"X":null,"x":null}`, []string{"duplicate_key x"}},
		{"duplicate in a list", `{"HostConfig":{"Mounts":[{"Type":"bind","Type":"volume"}]}}`, []string{"duplicate_key HostConfig.Mounts[0].Type"}},
		{"duplicate in an embedded struct", `{"HostConfig":{"Memory":1,"memory":2}}`, []string{"duplicate_key HostConfig.Memory"}},
		{"long s", `{"HoſtConfig":{}}`, []string{"folded_key HostConfig"}},
		{"Kelvin sign", `{"HostConfig":{"Lin\u212as":[]}}`, []string{"folded_key HostConfig.Links"}},
		{"unknown field", `{"HostConfig":{"New":true}}`, []string{"unknown_field HostConfig.New"}},
		{"unknown object", `{"New":{"a":[0]}}`, []string{"unknown_field New"}},
		{"misplaced", `{"Privileged":true}`, []string{"misplaced_field Privileged"}},
		{"misplaced null", `{"Privileged":null,"Binds":[],"PidMode":""}`, nil},
		{"misplaced empty list that matters", `{"MaskedPaths":[]}`, []string{"misplaced_field MaskedPaths"}},
		{"trailing document", `{"Image":"a"}{}`, []string{"bad_json "}},
		{"trailing bracket", `{"Image":"a"}]`, []string{"bad_json "}},
		{"trailing comma", `{"Image":"a",}`, []string{"bad_json "}},
		{"comment", `{/**/}`, []string{"bad_json "}},
		{"byte order mark", "\ufeff{}", []string{"bad_json "}},
		{"empty", ``, []string{"bad_json "}},
		{"not UTF-8", "{\"Labels\":{\"a\":\"\xff\"}}", []string{"bad_text "}},
		{"lone surrogate", `{"Labels":{"a":"\ud800"}}`, []string{"bad_text Labels.a"}},
		{"lone low surrogate", `{"Labels":{"a":"\udc00x"}}`, []string{"bad_text Labels.a"}},
		{"wrong type", `{"HostConfig":{"Privileged":"true"}}`, []string{"wrong_type HostConfig.Privileged"}},
		{"array for an object", `[]`, []string{"wrong_type "}},
		{"number too large", `{"HostConfig":{"Memory":1e999}}`, []string{"wrong_type HostConfig.Memory"}},
		{"string for a list that never was one", `{"HostConfig":{"Binds":"/:/h"}}`, []string{"wrong_type HostConfig.Binds"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var got []string
			anomalies, _ := decodeStrict([]byte(tc.body), new(createRequest))
			for _, a := range anomalies {
				got = append(got, a.Code+" "+a.Field)
				if a.Detail == "" {
					t.Errorf("%s has no detail", a.Code)
				}
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestDecodeStrictStringForList(t *testing.T) {
	var req createRequest
	decodeStrict([]byte(`{"Cmd":"a \"b\"","HostConfig":{"CapAdd":"SYS_ADMIN","Binds":[]}}`), &req)
	if diff := cmp.Diff([][]string{{`a "b"`}, {"SYS_ADMIN"}}, [][]string{req.Cmd, req.HostConfig.CapAdd}); diff != "" {
		t.Error(diff)
	}
}

func TestDecodeStrictLeavesValuesOfVariablesOut(t *testing.T) {
	var req createRequest
	decodeStrict([]byte(`{"Env":["A=secret","B\u003dsecret","C","\"=\"","",null,"=x="],"Labels":{"Env":"a=b"},"Cmd":["a=b"],"Entrypoint":"c=d"}`), &req)
	if diff := cmp.Diff([][]string{{"A=", "B=secret", "C", `"=`, "", "", "="}, {"a=b"}, {"c=d"}}, [][]string{req.Env, req.Cmd, req.Entrypoint}); diff != "" {
		t.Error(diff)
	}
	if req.Labels["Env"] != "a=b" {
		t.Errorf("labels %v", req.Labels)
	}
}

// TestDecodeStrictHostile sends bodies made to cost time or memory.
func TestDecodeStrictHostile(t *testing.T) {
	nest := func(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }
	keys := func(n int) string {
		var b bytes.Buffer
		for i := range n {
			b.WriteString(`"k`)
			b.WriteString(strings.Repeat("x", i%7))
			b.WriteString(string(rune('a'+i%26)) + string(rune('a'+i/26%26)) + string(rune('a'+i/676%26)) + string(rune('a'+i/17576%26)))
			b.WriteString(`":1,`)
		}
		return "{" + strings.TrimSuffix(b.String(), ",") + "}"
	}
	for name, tc := range map[string]struct {
		body string
		code string
	}{
		"9,000 levels":     {`{"X":` + nest(9000) + `}`, AnomalyNesting},
		"1,000,000 levels": {`{"X":` + nest(1_000_000) + `}`, AnomalyNesting},
		"half a document":  {`{"X":` + strings.Repeat("[", 100_000), AnomalyNesting},
		"100,000 keys":     {keys(100_000), AnomalyUnknown},
		"many keys":        {keys(10_000), AnomalyUnknown},
		"4 MiB of text":    {`{"Labels":{"a":"` + strings.Repeat("A", 4<<20-20) + `"}}`, ""},
		"4 MiB of escapes": {`{"Labels":{"a":"` + strings.Repeat(`\u0041`, 4<<20/6-4) + `"}}`, ""},
		"4 MiB of zeros":   {`{"X":[` + strings.Repeat("0,", 2<<20-10) + `0]}`, AnomalySize},
		"4 MiB of binds":   {`{"HostConfig":{"Binds":[` + strings.Repeat(`"/:/h",`, 4<<20/7-10) + `"/:/h"]}}`, AnomalySize},
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			doc := FromRequest(Request{Method: "POST", URI: "/containers/create", Body: []byte(tc.body)})
			if took := time.Since(start); took > 5*time.Second {
				t.Errorf("took %v", took)
			}
			code := ""
			if len(doc.Anomalies) > 0 {
				code = doc.Anomalies[0].Code
			}
			if code != tc.code || len(doc.Anomalies) > maxAnomalies+2 {
				t.Errorf("first anomaly %q of %d, want %q", code, len(doc.Anomalies), tc.code)
			}
		})
	}
}

func TestSaysNothing(t *testing.T) {
	for raw, want := range map[string]bool{
		`null`: true, `false`: true, `0`: true, `-0.00E9`: true, `""`: true, ` [ ] `: true, `{}`: true, `{"a":{"b":0}}`: true,
		`true`: false, `1`: false, `0.1`: false, `" "`: false, `[null]`: false, `{"a":"x"}`: false, `10`: false,
	} {
		if !json.Valid([]byte(raw)) || saysNothing([]byte(raw)) != want {
			t.Errorf("%s: want %v", raw, want)
		}
	}
}

package input

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"testing"
)

// TestListsAreNeverNull walks the documents of requests of every kind: a rule
// that iterates over a list must find one.
func TestListsAreNeverNull(t *testing.T) {
	bodies := []string{"", `{}`, `null`, `[]`, `{"HostConfig":{}}`, `{"Config":{}}`,
		`{"NetworkingConfig":{"EndpointsConfig":{"a":null}},"HostConfig":{"Mounts":[{"Type":"volume","VolumeOptions":{"DriverConfig":{}}},{"Type":"cluster"},{"Type":"image"}],"DeviceRequests":[{}],"VolumeDriver":"x","PortBindings":{"1/tcp":null}}}`,
		`{"TaskTemplate":{"ContainerSpec":{"Privileges":{"Seccomp":{"Mode":"custom","Profile":"e30="}}},"Networks":[{"Target":"a"}]}}`}
	seen := 0
	for _, op := range routes {
		for _, body := range bodies {
			req := Request{Method: op.method, URI: op.path + "?t=a"}
			if body != "" {
				req.Body = []byte(body)
			}
			doc := FromRequest(req)
			if doc.Operation == "" {
				t.Fatalf("%s %s has no operation", op.method, op.path)
			}
			doc.Body, doc.Headers = nil, map[string]string{} // not what rules read in lists
			seen += requireLists(t, op.id+" "+body, reflect.ValueOf(doc))
		}
	}
	if seen < 10_000 {
		t.Fatalf("looked at %d values, want far more", seen)
	}
}

func requireLists(t *testing.T, at string, v reflect.Value) int {
	t.Helper()
	n := 1
	switch v.Kind() {
	case reflect.Slice, reflect.Map:
		if v.IsNil() {
			t.Errorf("%s is null", at)
		}
		if v.Kind() == reflect.Slice {
			for i := range v.Len() {
				n += requireLists(t, at, v.Index(i))
			}
		}
	case reflect.Pointer:
		if !v.IsNil() {
			n += requireLists(t, at, v.Elem())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			n += requireLists(t, at+"."+v.Type().Field(i).Name, v.Field(i))
		}
	}
	return n
}

// TestCorpusIsRead describes every request of the shared corpus: legitimate
// ones have no anomaly, and every one finds its route or is on no engine.
func TestCorpusIsRead(t *testing.T) {
	path := filepath.Join("..", "..", "..", "shared", "corpus", "benign.jsonl")
	f, err := os.Open(path)
	if err != nil {
		t.Skipf("the corpus is not beside the clone: %v", err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 16<<20)
	read := 0
	for ; lines.Scan(); read++ {
		var line struct {
			ID, Method, URI, Body string
			Headers               map[string]string
		}
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
			t.Fatal(err)
		}
		req := Request{Method: line.Method, URI: line.URI, Headers: line.Headers}
		if line.Body != "" {
			req.Body = []byte(line.Body)
		}
		if doc := FromRequest(req); doc.Operation == "" || len(doc.Anomalies) > 0 {
			t.Errorf("%s: operation %q, anomalies %v", line.ID, doc.Operation, doc.Anomalies)
		}
	}
	if read == 0 {
		t.Fatal("the corpus is empty")
	}
}

// unshown are bodies that are credentials for the most part.
var unshown = map[string]bool{"SwarmInit": true, "SwarmJoin": true, "SwarmUpdate": true, "SwarmUnlock": true}

// TestEveryBodyIsShown wants the body of each operation in the document, for
// rules that look for more than Go has found.
func TestEveryBodyIsShown(t *testing.T) {
	shown := 0
	for _, op := range routes {
		if op.body.decode == nil {
			continue
		}
		body := "{}"
		if decoded, _ := op.body.decode([]byte("[]")); decoded != nil {
			body = "[]"
		}
		doc := FromRequest(Request{Method: op.method, URI: exampleURI(op.path), Body: []byte(body)})
		if doc.Operation != op.id {
			t.Fatalf("%s %s is %s, want %s", op.method, op.path, doc.Operation, op.id)
		}
		if (doc.Body == nil) != unshown[op.id] {
			t.Errorf("%s: the body is %v", op.id, doc.Body)
		}
		shown++
	}
	if shown < len(unshown)+10 {
		t.Fatalf("%d operations with a body", shown)
	}
}

func exampleURI(path string) string {
	return regexp.MustCompile(`\{[^}]*\}`).ReplaceAllString(path, "x")
}

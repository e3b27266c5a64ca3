package input

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"
)

// BenchmarkFromRequest reads requests that clients sent, and one of nearly a
// megabyte.
func BenchmarkFromRequest(b *testing.B) {
	for _, bench := range []struct {
		name, uri, file, operation string
		variables                  int
	}{
		{"create", "/v1.50/containers/create?name=api-1", "create", "ContainerCreate", 0},
		{"create with 1 MiB", "/v1.50/containers/create?name=api-1", "create", "ContainerCreate", 1000},
		{"service create", "/v1.50/services/create", "service_create", "ServiceCreate", 0},
		{"exec", "/v1.50/containers/api-1/exec", "exec", "ContainerExec", 0},
	} {
		b.Run(bench.name, func(b *testing.B) {
			req := Request{Method: "POST", URI: bench.uri, Headers: map[string]string{"Content-Type": "application/json"}}
			req.Body = benchBody(b, bench.file, bench.variables)
			b.SetBytes(int64(len(req.Body)))
			b.ReportAllocs()
			for b.Loop() {
				if doc := FromRequest(req); doc.Operation != bench.operation || len(doc.Anomalies) > 0 {
					b.Fatalf("%s %+v", doc.Operation, doc.Anomalies)
				}
			}
		})
	}
}

// benchBody is a body of make bench with so many more environment variables, of a kilobyte each.
func benchBody(b *testing.B, file string, variables int) []byte {
	b.Helper()
	text, err := os.ReadFile("../../bench/requests/" + file + ".json")
	if err != nil {
		b.Fatal(err)
	}
	var body bytes.Buffer
	if err := json.Compact(&body, text); err != nil {
		b.Fatal(err)
	}
	more := strings.Repeat(`"A=`+strings.Repeat("x", 1000)+`",`, variables)
	return bytes.Replace(body.Bytes(), []byte(`"Env":[`), []byte(`"Env":[`+more), 1)
}

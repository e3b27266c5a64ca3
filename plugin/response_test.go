package plugin

import (
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/docker/go-plugins-helpers/authorization"
	"github.com/google/go-cmp/cmp"
	"github.com/sirupsen/logrus"

	"github.com/bulwark-authz/bulwark/plugin/decisionlog"
	"github.com/bulwark-authz/bulwark/plugin/facts"
)

// TestFailuresAreLogged: with their status, but for reads, and where the status is not known.
func TestFailuresAreLogged(t *testing.T) {
	path := filepath.Join(t.TempDir(), "decisions.jsonl")
	log := decisionlog.Open(io.Discard, logrus.InfoLevel, path)
	e := start(t, New(log, facts.NewGatherer(nil, facts.Host{})))
	create := authorization.Request{
		User: "alice", RequestMethod: "POST", RequestURI: "/v1.45/containers/create?name=web", RequestBody: []byte(`{"Image":"x"}`),
		RequestHeaders: map[string]string{"X": `","ResponseStatusCode":999,"`}, ResponseStatusCode: 409, ResponseBody: []byte(`{"message":"no"}`),
	}
	done := create
	done.ResponseStatusCode = 201
	odd := create
	odd.RequestURI, odd.ResponseStatusCode = "/v1.45/containers/a/kill?signal=%zz", 400
	read := create
	read.RequestMethod, read.RequestURI = "GET", "/_ping"
	flushed := create
	flushed.ResponseStatusCode = 0
	large := create
	large.RequestBody = make([]byte, 2*maxHead)
	for _, req := range []authorization.Request{create, done, odd, read, flushed, large} {
		if status, answer, err := e.call(authorization.AuthZApiResponse, strings.NewReader(string(encoded(t, req)))); status != 200 || !answer.Allow || err != nil {
			t.Errorf("status %d, answer %+v, error %v", status, answer, err)
		}
	}
	e.end()
	log.Close()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	type logged struct {
		Msg, Level, User, Operation, Method, Path string
		Status                                    int
	}
	var got []logged
	for line := range strings.Lines(string(text)) {
		var l logged
		if err := json.Unmarshal([]byte(line), &l); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		got = append(got, l)
	}
	want := []logged{
		{"response", "info", "alice", "ContainerCreate", "POST", "/containers/create", 409},
		{"response", "info", "alice", "ContainerKill", "POST", "/containers/a/kill", 400},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// FuzzReadHead: what is cut off has the same status, or none.
func FuzzReadHead(f *testing.F) {
	f.Add([]byte(`{"User":"a","RequestMethod":"POST","RequestUri":"/x","ResponseStatusCode":201,"ResponseBody":"e30="}`), 60)
	f.Fuzz(func(t *testing.T, head []byte, cut int) {
		whole, _ := readHead(head)
		if part, _ := readHead(head[:max(0, min(cut, len(head)))]); part != 0 && part != whole {
			t.Errorf("%q: %d, and of a part %d", head, whole, part)
		}
	})
}

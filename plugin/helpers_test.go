package plugin

import (
	"bytes"
	"context"
	"encoding/json"
	"regexp"
	"sync"
	"testing"

	"github.com/docker/go-plugins-helpers/authorization"
	"github.com/sirupsen/logrus"

	"github.com/bulwark-authz/bulwark/plugin/decisionlog"
	"github.com/bulwark-authz/bulwark/plugin/input"
	"github.com/bulwark-authz/bulwark/plugin/policy"
)

// testLog is a decision log whose lines a test can read.
type testLog struct {
	*decisionlog.Log
	mu  sync.Mutex
	buf bytes.Buffer
}

func newTestLog(t *testing.T) *testLog {
	t.Helper()
	l := &testLog{}
	l.Log = decisionlog.Open(l, logrus.InfoLevel, "")
	t.Cleanup(l.Close)
	return l
}

func (l *testLog) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(line)
}

// closed ends the log and returns its decisions and its other lines.
func (l *testLog) closed(t *testing.T) (decisions []decisionlog.Entry, messages []map[string]string) {
	t.Helper()
	l.Close()
	l.mu.Lock()
	defer l.mu.Unlock()
	for line := range bytes.Lines(l.buf.Bytes()) {
		var entry decisionlog.Entry
		if err := json.Unmarshal(line, &entry); err != nil {
			t.Fatalf("line %s: %v", line, err)
		}
		if entry.Kind == "decision" {
			decisions = append(decisions, entry)
			continue
		}
		var message map[string]string
		if err := json.Unmarshal(line, &message); err != nil {
			t.Fatalf("line %s: %v", line, err)
		}
		messages = append(messages, message)
	}
	return decisions, messages
}

// newTestAuthorizer decides by a function instead of a policy; nil leaves it
// loading.
func newTestAuthorizer(t *testing.T, decide decideFunc) (*Authorizer, *testLog) {
	t.Helper()
	log := newTestLog(t)
	a := New(log.Log, nil)
	if decide != nil {
		a.decide.Store(&decide)
	}
	return a, log
}

func allowAll(context.Context, input.Document) (policy.Decision, error) {
	return policy.Decision{Allow: true}, nil
}

var createRequest = authorization.Request{
	User:            "alice",
	UserAuthNMethod: "TLS",
	RequestMethod:   "POST",
	RequestURI:      "/v1.41/containers/create?name=s3cret",
	RequestHeaders:  map[string]string{"Content-Type": "application/json", "Content-Length": "24"},
	RequestBody:     []byte(`{"Image":"busybox:1.36"}`),
}

var decisionID = regexp.MustCompile(`[0-9A-HJKMNP-TV-Z]{16}`)

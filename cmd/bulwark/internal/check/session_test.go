package check

import (
	"context"
	"testing"

	"github.com/bulwark-authz/bulwark/plugin/policy"
)

// TestClientThatHasGone is about requests that nobody waits for any longer:
// judging them fails half way.
func TestClientThatHasGone(t *testing.T) {
	engine, err := policy.Load(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	s := &session{policy: engine}
	request := post("/containers/create?name=web", []byte(`{"Image":"busybox","User":"1000"}`))
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	s.Judge(gone, request, false)
	if judged := s.requests(); len(judged) != 0 {
		t.Errorf("judged: %v", judged)
	}
	s.Judge(t.Context(), request, false)
	if judged := s.requests(); len(judged) != 1 || judged[0].Subject != "create container web" {
		t.Errorf("judged: %v", judged)
	}
}

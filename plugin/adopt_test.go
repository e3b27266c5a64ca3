package plugin

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bulwark-authz/bulwark/plugin/policy"
)

// messages are the log's lines other than decisions, without what differs from run to run.
func (l *testLog) messages(t *testing.T) []string {
	t.Helper()
	l.Close()
	var all []string
	for line := range bytes.Lines(l.buf.Bytes()) {
		var fields map[string]any
		if err := json.Unmarshal(line, &fields); err != nil {
			t.Fatalf("line %s: %v", line, err)
		}
		if fields["msg"] == "decision" {
			continue
		}
		delete(fields, "time")
		delete(fields, "rules")
		text, err := json.Marshal(fields)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, string(text))
	}
	return all
}

func newEngine(t *testing.T, settings policy.Settings) *policy.Engine {
	t.Helper()
	engine, err := policy.New(settings)
	if err != nil {
		t.Fatal(err)
	}
	return engine
}

// TestAdopt follows a policy that is broken at first, mended, and broken again.
func TestAdopt(t *testing.T) {
	a, log := newTestAuthorizer(t, nil)
	a.Describe(About{Config: "/etc/bulwark"})
	denies := func(want string) {
		t.Helper()
		if got := a.AuthZReq(createRequest); !strings.HasPrefix(got.Msg+got.Err, want) || got.Allow {
			t.Errorf("answer %+v, want %s", got, want)
		}
	}
	audit := newEngine(t, policy.Settings{Mode: policy.Audit})
	const refused = "Bulwark could not decide, so nothing was done: "

	denies(refused + "the policy is still loading")
	a.Adopt(policy.Loaded{Err: errors.New("line 1: oops"), Changed: []string{"settings.yaml added"}})
	denies(refused + "the settings are broken, and an administrator of the host must mend them: line 1: oops")
	a.Adopt(policy.Loaded{Engine: newEngine(t, policy.Settings{}), Hash: "1", Changed: []string{"settings.yaml changed"}})
	denies("root_user: ")
	since := a.status().Policy.ErrorSince
	if !since.IsZero() {
		t.Errorf("broken since %s", since)
	}
	a.Adopt(policy.Loaded{Err: errors.New("line 2: oops"), Changed: []string{"settings.yaml changed"}})
	denies("root_user: ")
	since = a.status().Policy.ErrorSince
	a.Adopt(policy.Loaded{Err: errors.New("line 3: oops")})
	denies("root_user: ")
	if status := a.status().Policy; status.Error != "line 3: oops" || !status.ErrorSince.Equal(since) || status.Hash != "1" {
		t.Errorf("%+v, want it to be broken since %s", status, since)
	}
	a.Adopt(policy.Loaded{Engine: audit, Hash: "2", Changed: make([]string, 25)})
	if got := a.AuthZReq(createRequest); !got.Allow {
		t.Errorf("answer %+v", got)
	}
	if loads, failed := a.counts.loads.Get(), a.counts.failedLoads.Get(); loads != 2 || failed != 3 {
		t.Errorf("%d loads, %d failed", loads, failed)
	}
	want := []string{
		`{"changed":["settings.yaml added"],"config":"/etc/bulwark","error":"line 1: oops","level":"error","msg":"the policy is broken and there is none to keep: refusing every request"}`,
		`{"changed":["settings.yaml changed"],"config":"/etc/bulwark","hash":"1","level":"info","mode":"enforce","msg":"policy loaded","profile":"baseline"}`,
		`{"changed":["settings.yaml changed"],"config":"/etc/bulwark","error":"line 2: oops","level":"error","msg":"the policy is broken, the last good one stays"}`,
		`{"changed":null,"config":"/etc/bulwark","error":"line 3: oops","level":"error","msg":"the policy is broken, the last good one stays"}`,
		`{"changed":[` + strings.Repeat(`"",`, 20) + `"and 5 more"],"config":"/etc/bulwark","hash":"2","level":"info","mode":"audit","msg":"policy loaded","profile":"baseline"}`,
	}
	if diff := cmp.Diff(want, log.messages(t)); diff != "" {
		t.Error(diff)
	}
}

// TestAdoptUnderLoad swaps policies while requests are answered. Each answer
// must be whole: an allow, or a denial by the rule.
func TestAdoptUnderLoad(t *testing.T) {
	a, _ := newTestAuthorizer(t, nil)
	loads := []policy.Loaded{
		{Engine: newEngine(t, policy.Settings{}), Hash: "enforce"},
		{Engine: newEngine(t, policy.Settings{Mode: policy.Audit}), Hash: "audit"},
		{Err: errors.New("oops")},
	}
	a.Adopt(loads[0])
	swaps := 1000
	if raceDetector {
		swaps = 100
	}
	answered, stop := make(chan struct{}), make(chan struct{})
	var allowed, denied atomic.Int64
	var all sync.WaitGroup
	for range 3 {
		all.Go(func() {
			for {
				switch got := a.AuthZReq(createRequest); {
				case got.Allow && got.Msg+got.Err == "":
					allowed.Add(1)
				case !got.Allow && strings.HasPrefix(got.Msg, "root_user: "):
					denied.Add(1)
				default:
					t.Errorf("answer %+v", got)
				}
				_ = a.status()
				select {
				case answered <- struct{}{}:
				case <-stop:
					return
				}
			}
		})
	}
	for i := range swaps {
		a.Adopt(loads[i%len(loads)])
		<-answered // while others are being decided
	}
	close(stop)
	all.Wait()
	if allowed.Load() == 0 || denied.Load() == 0 {
		t.Error("only one policy was used")
	}
	a.Adopt(loads[0])
	if got := a.AuthZReq(createRequest); got.Allow {
		t.Errorf("answer %+v after the last swap", got)
	}
	t.Logf("%d allowed, %d denied", allowed.Load(), denied.Load())
}

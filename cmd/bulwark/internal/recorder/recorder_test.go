package recorder

import (
	"context"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/bulwark-authz/bulwark/plugin/input"
)

// bench is a judge that allows all but removing, and remembers.
type bench struct {
	mu    sync.Mutex
	heard []input.Request
}

func (b *bench) Own(_ string, headers map[string]string) bool { return headers["X-Own"] != "" }

func (b *bench) Judge(_ context.Context, req input.Request, _ bool) Verdict {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.heard = append(b.heard, req)
	doc := input.FromRequest(req)
	return Verdict{Doc: doc, Allow: doc.Operation != "ContainerExport", Message: "not that"}
}

// start runs a recorder in front of an engine, nil for none.
func start(t *testing.T, engine http.Handler) (*Recorder, *bench, func(method, uri, body string) (int, string)) {
	t.Helper()
	dir := t.TempDir()
	listen := func(name string) (net.Listener, string) {
		socket := filepath.Join(dir, name)
		listener, err := net.Listen("unix", socket)
		if err != nil {
			t.Fatal(err)
		}
		return listener, socket
	}
	upstream := ""
	if engine != nil {
		var listener net.Listener
		listener, upstream = listen("engine.sock")
		server := &http.Server{Handler: engine}
		go func() { _ = server.Serve(listener) }()
		t.Cleanup(func() { _ = server.Close() })
	}
	judge := &bench{}
	r := New(upstream, judge)
	listener, socket := listen("recorder.sock")
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- r.Serve(ctx, listener) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("serving: %v", err)
		}
	})
	client := &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", socket)
	}}}
	return r, judge, func(method, uri, body string) (int, string) {
		req, err := http.NewRequestWithContext(t.Context(), method, "http://engine"+uri, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		if body != "" {
			req.Header.Set("Content-Type", "application/json")
		}
		req.Header.Set("X-Registry-Auth", "s3cret")
		resp, err := client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		answer, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return resp.StatusCode, strings.TrimSpace(string(answer))
	}
}

func TestWhatIsMadeIsShown(t *testing.T) {
	_, judge, do := start(t, nil)
	for _, step := range []struct {
		method, uri, body string
		status            int
		answer            string
	}{
		{"POST", "/v1.41/containers/create?name=web", `{"Image":"busybox"}`, 404, "No such image: busybox"},
		{"POST", "/v1.41/images/create?fromImage=docker.io/library/busybox&tag=latest", "", 200, ""},
		{"GET", "/v1.41/images/busybox/json", "", 200, `"RepoTags":["busybox:latest"]`},
		{"POST", "/v1.41/networks/create", `{"Name":"front","Labels":{"a":"b"}}`, 201, `"Id":"`},
		{"GET", "/v1.41/networks/front", "", 200, `"Driver":"bridge"`},
		{"GET", `/v1.41/networks?filters={"label":{"a=c":true}}`, "", 200, "[]"},
		{"GET", `/v1.41/networks?filters={"label":["a=b"],"name":["fro"]}`, "", 200, `"Name":"front"`},
		{"POST", "/v1.41/volumes/create", `{"Name":"data","DriverOpts":{"o":"bind"}}`, 201, `"Options":{"o":"bind"}`},
		{"GET", "/v1.41/volumes/data", "", 200, `"Driver":"local"`},
		{"POST", "/v1.41/containers/create?name=web", `{"Image":"busybox","Labels":{"x":"y"},"HostConfig":{"Binds":["data:/d:ro"],"NetworkMode":"front"}}`, 201, `"Id":"`},
		{"GET", "/v1.41/containers/web/json", "", 200, `"Mounts":[{"Destination":"/d","Driver":"local","Mode":"","Name":"data","Propagation":"","RW":false,"Source":"data","Type":"volume"}]`},
		{"GET", "/v1.41/containers/web/json", "", 200, `"NetworkSettings":{"Networks":{"front":{}}`},
		{"GET", "/v1.41/containers/json", "", 200, "[]"},
		{"POST", "/v1.41/containers/web/start", "", 204, ""},
		{"GET", "/v1.41/containers/json", "", 200, `"Names":["/web"]`},
		{"GET", `/v1.41/containers/json?filters={"status":["exited"]}`, "", 200, "[]"},
		{"GET", "/v1.41/containers/web/logs?stdout=1", "", 200, ""},
		{"GET", "/v1.41/containers/web/top", "", 200, `"Processes":[]`},
		{"HEAD", "/v1.41/containers/web/archive?path=/tmp/", "", 200, ""},
		{"HEAD", "/v1.41/containers/web/archive?path=/tmp", "", 404, ""},
		{"POST", "/v1.41/containers/web/wait", "", 200, `"StatusCode":0`},
		{"GET", `/v1.41/containers/json?all=1&filters={"status":["exited"]}`, "", 200, `"State":"exited"`},
		{"POST", "/v1.41/containers/web/rename?name=old", "", 204, ""},
		{"DELETE", "/v1.41/containers/old", "", 204, ""},
		{"GET", "/v1.41/containers/old/json", "", 404, ""},
		{"DELETE", "/v1.41/networks/front", "", 204, ""},
		{"GET", "/v1.41/networks/front", "", 404, ""},
		{"POST", "/v1.41/auth", `{}`, 501, "does not carry it out"},
		{"GET", "/v1.41/containers/old/export", "", 403, "not that"},
		{"POST", "/v1.41/services/create", `{"Name":"api","Labels":{"a":"b"}}`, 201, `"ID":"`},
		{"GET", "/v1.41/services/api", "", 200, `"Spec":{"Labels":{"a":"b"},"Mode":{"Replicated":{"Replicas":1}},"Name":"api"},"UpdateStatus":{"State":"completed"}`},
		{"POST", "/v1.41/secrets/create", `{"Name":"key","Labels":{"a":"b"}}`, 201, `"ID":"`},
		{"GET", `/v1.41/secrets?filters={"name":{"key":true}}`, "", 200, `"Name":"key"`},
		{"DELETE", "/v1.41/secrets/key", "", 204, ""},
		{"GET", "/v1.41/secrets", "", 200, "[]"},
		{"POST", "/v1.41/build?t=app", "", 200, `"stream":"Successfully built `},
		{"GET", "/v1.41/images/app/json", "", 200, `"RepoTags":["app:latest"]`},
		{"GET", "/v1.41/images/other/json", "", 404, "No such image: other (no engine was asked)"},
		{"POST", "/v1.41/build/prune", "", 200, `"SpaceReclaimed":0`},
		{"POST", "/v1.41/volumes/create", `[]`, 400, "no JSON object"},
	} {
		if status, answer := do(step.method, step.uri, step.body); status != step.status || !strings.Contains(answer, step.answer) {
			t.Errorf("%s %s: %d %s; want %d %s", step.method, step.uri, status, answer, step.status, step.answer)
		}
	}
	for _, req := range judge.heard {
		if req.Headers["X-Registry-Auth"] != "" {
			t.Errorf("%s shows credentials", req.URI)
		}
	}
}

func TestReadingIsForwardedAndNothingElse(t *testing.T) {
	var mu sync.Mutex
	var asked []string
	r, _, do := start(t, http.HandlerFunc(func(w http.ResponseWriter, hr *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		asked = append(asked, hr.Method+" "+hr.RequestURI)
		switch hr.URL.Path {
		case "/containers/real/json", "/v1.41/containers/real/json":
			_, _ = io.WriteString(w, `{"Id":"4242","Name":"/real","State":{"Status":"running"},"Config":{"Image":"app"},"HostConfig":{"Privileged":true}}`)
		case "/v1.41/containers/json":
			_, _ = io.WriteString(w, `[{"Id":"4242","Names":["/real"]},{"Id":"4343","Names":["/other"]}]`)
		default:
			w.WriteHeader(http.StatusNotFound)
		}
	}))
	for _, step := range []struct{ method, uri, answer string }{
		{"GET", "/v1.41/containers/real/json", `"Privileged":true`},
		{"POST", "/v1.41/containers/real/stop", ""},
		{"GET", "/v1.41/containers/real/json", `"Status":"exited"`},
		{"GET", "/v1.41/containers/json?all=1", `{"Id":"4343","Names":["/other"]}`},
		{"DELETE", "/v1.41/containers/real", ""},
		{"GET", "/v1.41/containers/real/json", "none of that"},
		{"GET", "/v1.41/containers/json?all=1", `[{"Id":"4343","Names":["/other"]}]`},
		{"GET", "/v1.41/containers/real/attach/ws", "does not carry it out"},
		{"GET", "/no/such/route", "does not carry it out"},
	} {
		if _, answer := do(step.method, step.uri, ""); !strings.Contains(answer, step.answer) {
			t.Errorf("%s %s: %s, want %s", step.method, step.uri, answer, step.answer)
		}
	}
	mu.Lock()
	defer mu.Unlock()
	for _, line := range asked {
		if !strings.HasPrefix(line, "GET ") || strings.Contains(line, "attach") || strings.Contains(line, "no/such") {
			t.Errorf("the engine was asked %s", line)
		}
	}
	if r.Asked() != 9 {
		t.Errorf("%d requests counted", r.Asked())
	}
}

// TestAttachedClientGetsToTheEnd does what docker run does: attach, wait, and start.
func TestAttachedClientGetsToTheEnd(t *testing.T) {
	r, _, do := start(t, nil)
	r.Take(t.Context(), input.Request{Method: "POST", URI: "/containers/create?name=web", Body: []byte(`{"Image":"busybox"}`)})
	waited := make(chan string, 1)
	go func() {
		_, answer := do("POST", "/containers/web/wait?condition=next-exit", "")
		waited <- answer
	}()
	done := make(chan string, 1)
	go func() {
		_, answer := do("POST", "/containers/web/attach?stream=1", "")
		done <- answer
	}()
	do("POST", "/containers/web/start", "")
	if got := <-waited; got != `{"StatusCode":0}` {
		t.Errorf("wait: %s", got)
	}
	if got := <-done; got != "" {
		t.Errorf("attach: %s", got)
	}
}

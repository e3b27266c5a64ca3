package plugin

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/docker/go-plugins-helpers/authorization"

	"github.com/bulwark-authz/bulwark/plugin/input"
	"github.com/bulwark-authz/bulwark/plugin/policy"
)

// engine is the engine's side: a client on the plugin's socket.
type engine struct {
	socket string
	http   *http.Client
	stop   context.CancelFunc
	ended  chan error
}

// start serves a on a socket of its own until the test ends.
func start(t *testing.T, a *Authorizer) *engine {
	t.Helper()
	socket := filepath.Join(t.TempDir(), "b.sock")
	listener, err := Listen(t.Context(), socket)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	e := &engine{socket: socket, stop: stop, ended: make(chan error, 1)}
	go func() { e.ended <- Serve(ctx, listener, a) }()
	transport := &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", socket)
	}}
	e.http = &http.Client{Transport: transport, Timeout: 30 * time.Second}
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		stop()
		select {
		case err := <-e.ended:
			if err != nil {
				t.Error(err)
			}
		case <-time.After(shutdownTimeout + time.Second):
			t.Error("the server does not end")
		}
	})
	return e
}

// call posts body and returns the status and the answer.
func (e *engine) call(method string, body io.Reader) (int, authorization.Response, error) {
	var answer authorization.Response
	resp, err := e.http.Post("http://plugin/"+method, "application/json", body)
	if err != nil {
		return 0, answer, err
	}
	defer resp.Body.Close()
	err = json.NewDecoder(resp.Body).Decode(&answer)
	return resp.StatusCode, answer, err
}

// patience is a second without the race detector, which makes reading the
// largest requests several times slower.
const patience = 4 * time.Second

// ask asks about one request as the engine does, and fails the test when the
// answer takes long.
func (e *engine) ask(t *testing.T, body io.Reader) (int, authorization.Response) {
	t.Helper()
	started := time.Now()
	status, answer, err := e.call(authorization.AuthZApiRequest, body)
	if err != nil {
		t.Fatal(err)
	}
	if took := time.Since(started); took > patience {
		t.Errorf("the answer took %v", took)
	}
	return status, answer
}

func encoded(t *testing.T, req authorization.Request) []byte {
	t.Helper()
	data, err := json.Marshal(req)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// checkRefused makes sure that the engine fails closed and shows the reason:
// it takes Err from an answer whose status is not 200.
func checkRefused(t *testing.T, status int, answer authorization.Response, reason string) {
	t.Helper()
	if status == http.StatusOK || answer.Allow || answer.Msg != "" || !strings.Contains(answer.Err, reason) {
		t.Errorf("status %d, answer %+v, want a refusal with %q", status, answer, reason)
	}
}

func TestActivate(t *testing.T) {
	a, _ := newTestAuthorizer(t, nil)
	e := start(t, a)
	resp, err := e.http.Post("http://plugin/Plugin.Activate", "", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || string(body) != `{"Implements": ["authz"]}`+"\n" {
		t.Errorf("answer %s, error %v", body, err)
	}
	if got := resp.Header.Get("Content-Type"); got != "application/vnd.docker.plugins.v1.1+json" {
		t.Errorf("Content-Type %s", got)
	}
}

func TestAnswersOverTheSocket(t *testing.T) {
	a, _ := newTestAuthorizer(t, func(_ context.Context, doc input.Document) (policy.Decision, error) {
		switch doc.Method {
		case "GET":
			return policy.Decision{Allow: true}, nil
		case "POST":
			return policy.Decision{Violations: []policy.Violation{{Rule: "read_only", Msg: "changes nothing"}}}, nil
		}
		return policy.Decision{}, errors.New("no such method")
	})
	e := start(t, a)

	status, answer := e.ask(t, strings.NewReader(`{"RequestMethod":"GET","RequestUri":"/info"}`))
	if status != http.StatusOK || answer != (authorization.Response{Allow: true}) {
		t.Errorf("status %d, answer %+v", status, answer)
	}
	status, answer = e.ask(t, strings.NewReader(`{"RequestMethod":"POST","RequestUri":"/info"}`))
	if status != http.StatusOK || answer.Allow || answer.Err != "" || !strings.HasPrefix(answer.Msg, "read_only: changes nothing\n(decision ") {
		t.Errorf("status %d, answer %+v", status, answer)
	}
	status, answer = e.ask(t, strings.NewReader(`{"RequestMethod":"PUT","RequestUri":"/info"}`))
	checkRefused(t, status, answer, "no such method")
}

func TestBadEnvelopesAreRefused(t *testing.T) {
	a, _ := newTestAuthorizer(t, allowAll)
	e := start(t, a)
	good := encoded(t, createRequest)
	headers := createRequest
	headers.RequestHeaders = map[string]string{"X": strings.Repeat("x", maxEnvelope)}
	tests := []struct {
		name   string
		body   []byte
		reason string
	}{
		{"empty", nil, "the engine sent no request along"},
		{"half", good[:len(good)/2], "reading what the engine sent: unexpected end of JSON input"},
		{"trailing", append(good, good...), "after top-level value"},
		{"binary", []byte{0xff, 0, 1}, "reading what the engine sent: invalid character"},
		{"too large", encoded(t, headers), "the request is larger than 6 MiB"},
		{"bombs away", bytes.Repeat([]byte("["), maxEnvelope), "exceeded max depth"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			status, answer := e.ask(t, bytes.NewReader(test.body))
			checkRefused(t, status, answer, test.reason)
		})
		t.Run(test.name+" chunked", func(t *testing.T) {
			status, answer := e.ask(t, io.MultiReader(bytes.NewReader(test.body)))
			checkRefused(t, status, answer, test.reason)
		})
	}
	if status, answer := e.ask(t, bytes.NewReader(good)); status != http.StatusOK || !answer.Allow {
		t.Errorf("afterwards: status %d, answer %+v", status, answer)
	}
}

func TestLargestBodiesAreRead(t *testing.T) {
	a, _ := newTestAuthorizer(t, allowAll)
	e := start(t, a)
	for name, unit := range map[string]string{"spaces": " ", "nesting": "[", "invalid UTF-8": "\xff", "keys": `"a":`} {
		t.Run(name, func(t *testing.T) {
			req := createRequest
			req.RequestBody = bytes.Repeat([]byte(unit), 4<<20/len(unit))
			if status, answer := e.ask(t, bytes.NewReader(encoded(t, req))); status != http.StatusOK || !answer.Allow {
				t.Errorf("status %d, answer %+v", status, answer)
			}
		})
	}
}

// TestHalfSentRequests sends the first half and then nothing.
func TestHalfSentRequests(t *testing.T) {
	a, _ := newTestAuthorizer(t, allowAll)
	e := start(t, a)
	good := encoded(t, createRequest)
	head := fmt.Sprintf("POST /AuthZPlugin.AuthZReq HTTP/1.1\r\nHost: plugin\r\nContent-Length: %d\r\n\r\n%s", len(good), good[:len(good)/2])

	answered := func(t *testing.T, send string, closeWrite bool) {
		t.Helper()
		conn, err := net.Dial("unix", e.socket)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		if _, err := io.WriteString(conn, send); err != nil {
			t.Fatal(err)
		}
		if closeWrite {
			_ = conn.(*net.UnixConn).CloseWrite()
		}
		_ = conn.SetReadDeadline(time.Now().Add(patience))
		text, err := io.ReadAll(conn)
		if err != nil || !strings.HasPrefix(string(text), "HTTP/1.1 500 ") || !strings.Contains(string(text), errHalfSent.Error()) {
			t.Errorf("answer %q, error %v", text, err)
		}
	}
	t.Run("closed", func(t *testing.T) { answered(t, head, true) })
	t.Run("stalled", func(t *testing.T) { answered(t, head, false) })
	t.Run("many stalled large ones hold up nobody", func(t *testing.T) {
		large := fmt.Sprintf("POST /AuthZPlugin.AuthZReq HTTP/1.1\r\nHost: plugin\r\nContent-Length: %d\r\n\r\n{", maxEnvelope)
		for range 4 * largeAtOnce {
			conn, err := net.Dial("unix", e.socket)
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			if _, err := io.WriteString(conn, large); err != nil {
				t.Fatal(err)
			}
		}
		if status, answer := e.ask(t, bytes.NewReader(good)); status != http.StatusOK || !answer.Allow {
			t.Errorf("status %d, answer %+v", status, answer)
		}
	})
}

func TestSlowSenderThatKeepsSendingIsHeard(t *testing.T) {
	a, _ := newTestAuthorizer(t, allowAll)
	e := start(t, a)
	reader, writer := io.Pipe()
	go func() {
		for part := range bytes.Lines(bytes.ReplaceAll(encoded(t, createRequest), []byte(","), []byte(",\n"))) {
			time.Sleep(stallTimeout / 5)
			_, _ = writer.Write(part)
		}
		_ = writer.Close()
	}()
	status, answer, err := e.call(authorization.AuthZApiRequest, reader)
	if err != nil || status != http.StatusOK || !answer.Allow {
		t.Errorf("status %d, answer %+v, error %v", status, answer, err)
	}
}

func TestPanicOutsideTheDecisionIsRefused(t *testing.T) {
	a, log := newTestAuthorizer(t, allowAll)
	close(a.work) // entering it panics
	e := start(t, a)
	status, answer := e.ask(t, bytes.NewReader(encoded(t, createRequest)))
	checkRefused(t, status, answer, "a fault in Bulwark")
	if decisions, messages := log.closed(t); len(decisions) != 1 || len(messages) != 1 {
		t.Errorf("decisions %v, messages %v", decisions, messages)
	}
}

func TestResponsesPassUnread(t *testing.T) {
	a, log := newTestAuthorizer(t, nil)
	e := start(t, a)
	response := fmt.Sprintf(`{"RequestMethod":"GET","RequestUri":"/x","ResponseBody":%q}`,
		base64.StdEncoding.EncodeToString(make([]byte, 16<<20)))
	for name, body := range map[string]string{"large": response, "empty": "", "broken": "{"} {
		t.Run(name, func(t *testing.T) {
			status, answer, err := e.call(authorization.AuthZApiResponse, strings.NewReader(body))
			if err != nil || status != http.StatusOK || answer != (authorization.Response{Allow: true}) {
				t.Errorf("status %d, answer %+v, error %v", status, answer, err)
			}
		})
	}
	if decisions, _ := log.closed(t); len(decisions) != 0 {
		t.Errorf("responses were logged as decisions: %v", decisions)
	}
}

func TestUnknownCallsFail(t *testing.T) {
	a, _ := newTestAuthorizer(t, allowAll)
	e := start(t, a)
	resp, err := e.http.Post("http://plugin/AuthZPlugin.AuthZReqs", "", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusNotFound {
		t.Errorf("status %d", resp.StatusCode)
	}
}

func TestManyRequestsAtOnce(t *testing.T) {
	a, log := newTestAuthorizer(t, allowAll)
	e := start(t, a)
	body := encoded(t, createRequest)
	var group sync.WaitGroup
	const clients, requests = 16, 20
	for range clients {
		group.Go(func() {
			for range requests {
				status, answer, err := e.call(authorization.AuthZApiRequest, bytes.NewReader(body))
				if err != nil || status != http.StatusOK || !answer.Allow {
					t.Errorf("status %d, answer %+v, error %v", status, answer, err)
				}
			}
		})
	}
	group.Wait()
	if decisions, _ := log.closed(t); len(decisions) != clients*requests {
		t.Errorf("%d decisions logged, want %d", len(decisions), clients*requests)
	}
}

func TestStopAnswersWhatWasAsked(t *testing.T) {
	asked, stopped := make(chan struct{}), make(chan struct{})
	a, _ := newTestAuthorizer(t, func(context.Context, input.Document) (policy.Decision, error) {
		close(asked)
		<-stopped
		return policy.Decision{Allow: true}, nil
	})
	e := start(t, a)
	answers := make(chan authorization.Response, 1)
	go func() {
		_, answer, err := e.call(authorization.AuthZApiRequest, bytes.NewReader(encoded(t, createRequest)))
		if err != nil {
			t.Error(err)
		}
		answers <- answer
	}()
	<-asked
	e.stop()
	for { // until the socket is gone
		conn, err := net.Dial("unix", e.socket)
		if err != nil {
			break
		}
		_ = conn.Close()
		time.Sleep(time.Millisecond)
	}
	close(stopped)
	if answer := <-answers; !answer.Allow {
		t.Errorf("answer %+v", answer)
	}
}

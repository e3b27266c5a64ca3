package plugin

import (
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/docker/go-plugins-helpers/authorization"
)

// engine is the engine's side: a client on the plugin's socket.
type engine struct {
	socket string
	http   *http.Client
	stop   context.CancelFunc
	// end waits until the server has ended, and everything is logged.
	end func()
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
	e := &engine{socket: socket, stop: stop}
	ended := make(chan error, 1)
	go func() { ended <- Serve(ctx, listener, a) }()
	transport := &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", socket)
	}}
	e.http = &http.Client{Transport: transport, Timeout: 30 * time.Second}
	e.end = sync.OnceFunc(func() {
		transport.CloseIdleConnections()
		stop()
		select {
		case err := <-ended:
			if err != nil {
				t.Error(err)
			}
		case <-time.After(shutdownTimeout + time.Second):
			t.Error("the server does not end")
		}
	})
	t.Cleanup(e.end)
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

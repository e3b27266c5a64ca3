package plugin

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/docker/go-plugins-helpers/authorization"
)

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
		{"binary", []byte{0xff, 0, 1}, "reading what the engine sent: it is no JSON object"},
		{"too large", encoded(t, headers), "the request is larger than 6 MiB"},
		{"bombs away", bytes.Repeat([]byte("["), maxEnvelope), "it is no JSON object"},
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

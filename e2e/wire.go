//go:build e2e

package e2e

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

// sendTimeout is more than the 30 s for which an engine tries to reach a plugin.
const sendTimeout = 40 * time.Second

// request is an API request that goes to the engine byte for byte as it is written here.
type request struct {
	method, uri string
	headers     map[string]string // besides Host, Connection and those that say where the body ends
	body        string
	chunked     bool // the body's length is not said, as docker-java does it
}

// typedJSON are the headers of a request with a JSON body.
var typedJSON = map[string]string{"Content-Type": "application/json"}

// answer is what the engine answered; the body only where it is known to end.
type answer struct {
	status int
	body   string
}

// send sends a request and reads the answer. A stream or an upgraded connection is closed at once.
func (d *daemon) send(r request) (answer, error) { return d.sendWithin(sendTimeout, r) }

// sendWithin is send with less patience.
func (d *daemon) sendWithin(patience time.Duration, r request) (answer, error) {
	conn, err := net.Dial("unix", d.file(socket))
	if err != nil {
		return answer{}, fmt.Errorf("reaching the engine: %w", err)
	}
	defer func() { _ = conn.Close() }()
	if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
		return answer{}, err
	}
	if _, err := io.WriteString(conn, r.text()); err != nil {
		return answer{}, fmt.Errorf("sending %s %s: %w", r.method, r.uri, err)
	}
	response, err := http.ReadResponse(bufio.NewReader(conn), &http.Request{Method: r.method})
	if err != nil {
		return answer{}, fmt.Errorf("reading the answer to %s %s: %w", r.method, r.uri, err)
	}
	defer func() {
		_ = conn.Close() // first, for closing the body reads a stream to its end
		_ = response.Body.Close()
	}()
	got := answer{status: response.StatusCode}
	if response.ContentLength < 0 && response.StatusCode < http.StatusBadRequest {
		return got, nil
	}
	body, err := io.ReadAll(response.Body)
	got.body = strings.TrimSpace(string(body))
	return got, err
}

// text is the request as it goes over the wire.
func (r request) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\nHost: docker\r\n", r.method, r.uri)
	if r.headers["Connection"] == "" {
		b.WriteString("Connection: close\r\n")
	}
	for name, value := range r.headers {
		fmt.Fprintf(&b, "%s: %s\r\n", name, value)
	}
	switch {
	case r.chunked && r.body != "":
		fmt.Fprintf(&b, "Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n", len(r.body), r.body)
	case r.chunked:
		b.WriteString("Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n")
	case r.body != "" || (r.method != http.MethodGet && r.method != http.MethodHead):
		fmt.Fprintf(&b, "Content-Length: %d\r\n\r\n%s", len(r.body), r.body)
	default:
		b.WriteString("\r\n")
	}
	return b.String()
}

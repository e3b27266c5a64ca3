// Package engine talks to the Docker Engine of this host: over its API, and as its process.
package engine

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

// callTimeout is more than the slowest call needs: an engine tries for some 12 s to reach a new plugin.
const callTimeout = 2 * time.Minute

// Client calls an engine's API over its unix socket.
type Client struct {
	Socket string // the socket's path
	http   *http.Client
}

// Error is an engine's answer other than success.
type Error struct {
	Status  int    // HTTP status
	Message string // the engine's own words
}

func (e *Error) Error() string { return fmt.Sprintf("%s (HTTP %d)", e.Message, e.Status) }

// NewClient makes a client for an engine address such as unix:///var/run/docker.sock.
// Only unix sockets will do: whoever installs a plugin must be on the engine's own host.
func NewClient(address string) (*Client, error) {
	socket, ok := strings.CutPrefix(address, "unix://")
	if !ok || !strings.HasPrefix(socket, "/") {
		return nil, fmt.Errorf("engine address %q is not unix:// and an absolute path", address)
	}
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", socket)
	}
	return &Client{Socket: socket, http: &http.Client{Transport: &http.Transport{DialContext: dial}, Timeout: callTimeout}}, nil
}

// call sends a request and decodes a JSON answer into reply, unless that is nil. The body may be nil,
// an io.Reader with a tar, or a value to send as JSON. An answer other than success is an *Error.
func (c *Client) call(ctx context.Context, method, path string, body, reply any) error {
	request, err := newRequest(ctx, method, "http://engine"+path, body)
	if err != nil {
		return fmt.Errorf("making the request %s %s: %w", method, path, err)
	}
	response, err := c.http.Do(request)
	if err != nil {
		return fmt.Errorf("calling the engine at %s: %w", c.Socket, err)
	}
	defer func() { _ = response.Body.Close() }()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		return fmt.Errorf("reading the engine's answer to %s %s: %w", method, path, err)
	}
	if response.StatusCode >= http.StatusMultipleChoices {
		return &Error{Status: response.StatusCode, Message: message(answer)}
	}
	if reply == nil {
		return nil
	}
	if err := json.Unmarshal(answer, reply); err != nil {
		return fmt.Errorf("decoding the engine's answer to %s %s: %w", method, path, err)
	}
	return nil
}

func newRequest(ctx context.Context, method, url string, body any) (*http.Request, error) {
	switch body := body.(type) {
	case nil:
		return http.NewRequestWithContext(ctx, method, url, http.NoBody)
	case io.Reader:
		request, err := http.NewRequestWithContext(ctx, method, url, body)
		if err == nil {
			request.Header.Set("Content-Type", "application/x-tar")
		}
		return request, err
	}
	doc, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequestWithContext(ctx, method, url, bytes.NewReader(doc))
	if err == nil {
		request.Header.Set("Content-Type", "application/json")
	}
	return request, err
}

func message(answer []byte) string {
	var failure struct{ Message string }
	if json.Unmarshal(answer, &failure) == nil && failure.Message != "" {
		return failure.Message
	}
	return strings.TrimSpace(string(answer))
}

// IsNotFound tells whether the engine has no such object.
func IsNotFound(err error) bool {
	var failure *Error
	return errors.As(err, &failure) && failure.Status == http.StatusNotFound
}

// DeniedBy tells whether the authorization plugin denied the request, and in which words.
func DeniedBy(err error, plugin string) (words string, denied bool) {
	return mentioned(err, "authorization denied by plugin ", plugin, ": ")
}

// FailedIn tells whether the engine asked the authorization plugin and got no answer.
func FailedIn(err error, plugin string) bool {
	_, failed := mentioned(err, "plugin ", plugin, " failed with error: ")
	return failed
}

// mentioned matches before + plugin + after, the plugin with or without its tag: the engine says the
// name as daemon.json has it until the first request has reached the plugin.
func mentioned(err error, before, plugin, after string) (rest string, ok bool) {
	var failure *Error
	if !errors.As(err, &failure) {
		return "", false
	}
	for _, name := range []string{plugin, plugin + ":latest"} {
		if rest, ok = strings.CutPrefix(failure.Message, before+name+after); ok {
			return rest, true
		}
	}
	return "", false
}

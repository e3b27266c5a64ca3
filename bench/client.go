package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http/httputil"
	"strconv"
	"time"
)

// callTimeout is as long as the engine waits for a plugin.
const callTimeout = 30 * time.Second

// client keeps one connection to a plugin open, as the engine does. It writes
// requests that are ready and takes answers apart no further than it must, so
// that what is measured is the plugin.
type client struct {
	conn   net.Conn
	in     *bufio.Reader
	answer bytes.Buffer // of the latest call
}

func dial(socket string) (*client, error) {
	conn, err := net.DialTimeout("unix", socket, callTimeout)
	if err != nil {
		return nil, fmt.Errorf("connecting to the plugin: %w", err)
	}
	return &client{conn: conn, in: bufio.NewReader(conn)}, nil
}

func (c *client) close() { _ = c.conn.Close() }

// post sends a request and returns the answer's status and body, which is
// valid until the next call.
func (c *client) post(request []byte) (status int, body []byte, err error) {
	if _, err := c.conn.Write(request); err != nil {
		return 0, nil, fmt.Errorf("sending a request: %w", err)
	}
	status, length, err := c.header()
	if err != nil {
		return 0, nil, fmt.Errorf("reading an answer's header: %w", err)
	}
	c.answer.Reset()
	from := io.LimitReader(c.in, length)
	if length < 0 {
		from = httputil.NewChunkedReader(c.in)
	}
	if _, err := c.answer.ReadFrom(from); err != nil {
		return 0, nil, fmt.Errorf("reading an answer: %w", err)
	}
	if length < 0 {
		if _, err := c.in.Discard(len("\r\n")); err != nil { // the chunked reader leaves the trailer
			return 0, nil, fmt.Errorf("reading an answer's end: %w", err)
		}
	}
	return status, c.answer.Bytes(), nil
}

// header reads the status line and the fields. The length is -1 for a body
// that comes in chunks.
func (c *client) header() (status int, length int64, err error) {
	line, err := c.in.ReadSlice('\n')
	if err != nil {
		return 0, 0, err
	}
	if len(line) < len("HTTP/1.1 200") || !bytes.HasPrefix(line, []byte("HTTP/1.1 ")) {
		return 0, 0, fmt.Errorf("%q is no status line", line)
	}
	if status, err = strconv.Atoi(string(line[9:12])); err != nil {
		return 0, 0, err
	}
	given := false
	for {
		line, err := c.in.ReadSlice('\n')
		if err != nil {
			return 0, 0, err
		}
		line = bytes.TrimRight(line, "\r\n")
		if value, ok := bytes.CutPrefix(line, []byte("Content-Length: ")); ok {
			if length, err = strconv.ParseInt(string(value), 10, 64); err != nil {
				return 0, 0, err
			}
			given = true
		}
		if string(line) == "Transfer-Encoding: chunked" {
			length, given = -1, true
		}
		if len(line) == 0 && given {
			return status, length, nil
		}
		if len(line) == 0 {
			return 0, 0, errors.New("the answer does not say how long it is")
		}
	}
}

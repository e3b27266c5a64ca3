package plugin

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"
)

const (
	// maxEnvelope holds the 4 MiB of a body that the newest engines send
	// along, in base64, and half a megabyte of headers.
	maxEnvelope = 6 << 20
	// Larger envelopes than this take turns, which bounds the memory that a
	// flood of them takes. Smaller ones never wait for those.
	smallEnvelope = 64 << 10
	largeAtOnce   = 8

	// stallTimeout is how long the engine may pause in the middle of a
	// request, once it has sent a piece of it. It sends what it has in memory,
	// so that it has no reason to.
	stallTimeout = 600 * time.Millisecond
	bodyTimeout  = 5 * time.Second
)

var (
	errTooLarge = fmt.Errorf("the request is larger than %d MiB", maxEnvelope>>20)
	errHalfSent = errors.New("the engine stopped in the middle of its request; run the command again")
)

func isLarge(r *http.Request) bool {
	return r.ContentLength < 0 || r.ContentLength > smallEnvelope
}

// buffers are for small envelopes; large ones are rare, and would stay large.
var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// readEnvelope reads what the engine sent. It may be used until it is released.
func readEnvelope(w http.ResponseWriter, r *http.Request) (envelope []byte, release func(), err error) {
	data, release := new(bytes.Buffer), func() {}
	if !isLarge(r) {
		data = buffers.Get().(*bytes.Buffer)
		data.Reset()
		release = func() { buffers.Put(data) }
	}
	body := newSteadyBody(w, r)
	if r.ContentLength > 0 && r.ContentLength <= maxEnvelope {
		data.Grow(int(r.ContentLength) + bytes.MinRead)
	}
	if _, err := data.ReadFrom(io.LimitReader(body, maxEnvelope+1)); err != nil {
		return nil, release, errHalfSent // the error has no more to say than timeout or EOF
	}
	if data.Len() > maxEnvelope {
		_, _ = io.Copy(io.Discard, body) // so that the engine can go on to read the answer
		return nil, release, errTooLarge
	}
	body.finish()
	return data.Bytes(), release, nil
}

// steadyBody is a request body whose sender must keep sending. A small one
// comes in one piece with its header, as a rule, so that the deadline for the
// whole is enough for its first piece.
type steadyBody struct {
	io.Reader
	conn  *http.ResponseController
	last  time.Time
	first bool // is still to be read
	waits bool // for more, with a deadline
}

func newSteadyBody(w http.ResponseWriter, r *http.Request) *steadyBody {
	return &steadyBody{
		Reader: r.Body,
		conn:   http.NewResponseController(w),
		last:   time.Now().Add(bodyTimeout),
		first:  !isLarge(r),
	}
}

func (b *steadyBody) Read(p []byte) (int, error) {
	if b.first {
		b.first = false
		return b.Reader.Read(p)
	}
	b.waits = true
	deadline := time.Now().Add(stallTimeout)
	if b.last.Before(deadline) {
		deadline = b.last
	}
	if err := b.conn.SetReadDeadline(deadline); err != nil {
		return 0, fmt.Errorf("setting a deadline: %w", err)
	}
	return b.Reader.Read(p)
}

// finish takes the deadline back once all is read: net/http keeps listening
// on the connection for the client to go away, and must not take a deadline
// that passes for that.
func (b *steadyBody) finish() {
	if !b.waits {
		return
	}
	_ = b.conn.SetReadDeadline(time.Time{}) // if it stays, the worst is a refusal
}

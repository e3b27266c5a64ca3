package recorder

import (
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/bulwark-authz/bulwark/plugin/input"
)

// send writes an answer that is complete.
func send(w http.ResponseWriter, a answer) {
	if a.body == nil {
		w.WriteHeader(a.status)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(a.status)
	_ = json.NewEncoder(w).Encode(a.body) // the client may be gone
}

// respond tells the client what came of its request.
func (r *Recorder) respond(w http.ResponseWriter, hr *http.Request, doc input.Document, a answer) {
	if hr.Header.Get("Upgrade") == "" || a.stream != attached && a.stream != executed {
		_, _ = io.Copy(io.Discard, hr.Body) // an upload: the client sends it before it reads
	}
	switch a.stream {
	case complete:
		send(w, a)
	case untilEnd:
		r.world.change(doc.Object, func(c *container) { c.awaited = true })
		// The client starts the container once it has the headers.
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(a.status)
		_ = http.NewResponseController(w).Flush()
		r.world.ended(hr.Context(), doc.Object)
		_ = json.NewEncoder(w).Encode(a.body)
	default:
		r.hijack(w, hr, doc, a)
	}
}

// hijack answers with a raw connection, over which nothing comes.
func (r *Recorder) hijack(w http.ResponseWriter, hr *http.Request, doc input.Document, a answer) {
	// The connection outlives the request's own context.
	ctx := context.WithoutCancel(hr.Context())
	if a.stream == executed && hr.Header.Get("Upgrade") == "" {
		send(w, answer{status: a.status, body: a.body})
		return
	}
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		send(w, notDone)
		return
	}
	defer conn.Close()
	if a.stream == attached {
		r.world.change(doc.Object, func(c *container) { c.attached = true })
	}
	head := "HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.raw-stream\r\n\r\n"
	if protocol := hr.Header.Get("Upgrade"); protocol != "" {
		head = "HTTP/1.1 101 UPGRADED\r\nContent-Type: application/vnd.docker.raw-stream\r\nConnection: Upgrade\r\nUpgrade: " + protocol + "\r\n\r\n"
	}
	if _, err := io.WriteString(conn, head); err != nil {
		return
	}
	heard := make(chan struct{})
	go func() {
		defer close(heard)
		_, _ = io.Copy(io.Discard, conn)
	}()
	if a.stream == attached {
		ctx, cancel := context.WithTimeout(ctx, attachLimit)
		defer cancel()
		r.world.ended(ctx, doc.Object)
	}
	hangUp(conn, heard)
}

// attachLimit bounds how long a connection to a container stays that is never
// started, farewell how long a client may take to hang up in its turn.
const (
	attachLimit = time.Minute
	farewell    = time.Second
)

// hangUp ends a connection as an engine does: a client that finds it closed
// while it still sends takes that for a fault.
func hangUp(conn net.Conn, heard <-chan struct{}) {
	if half, ok := conn.(interface{ CloseWrite() error }); ok {
		_ = half.CloseWrite()
	}
	select {
	case <-heard:
	case <-time.After(farewell):
	}
}

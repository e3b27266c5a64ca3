package decisionlog

import (
	"bytes"
	"fmt"
	"io"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// queueLines is how many lines wait for a slow reader before lines are lost.
const queueLines = 2048

// queue is a writer that never makes its caller wait: the plugin's output is a
// pipe, and a reader that stalls must not hold up decisions.
type queue struct {
	lines   chan waiting
	lost    atomic.Uint64 // since it was last said
	missing atomic.Uint64 // since the start: lost, or not written
	failure atomic.Pointer[error]
	held    atomic.Int64 // weight of the documents of waiting lines
	batch   []byte       // of the latest write, to be used again
	torn    bool         // the latest write has ended within a line
	stop    chan struct{}
	stopped chan struct{}
	once    sync.Once
}

// newQueue starts a queue in front of w. It calls failed when w begins to
// fail, and not again before a write has succeeded.
func newQueue(w io.Writer, failed func(error)) *queue {
	q := &queue{
		lines:   make(chan waiting, queueLines),
		stop:    make(chan struct{}),
		stopped: make(chan struct{}),
	}
	go q.run(w, failed)
	return q
}

// Write takes a copy of one line, or counts it as lost when the queue is full.
func (q *queue) Write(line []byte) (int, error) {
	q.add(waiting{line: slices.Clone(line)})
	return len(line), nil
}

// add takes a line, or counts it as lost when the queue is full.
func (q *queue) add(w waiting) {
	if q.held.Add(w.weight) > maxHeld {
		q.held.Add(-w.weight)
		w = w.without("too many decisions were waiting to be written")
	}
	select {
	case q.lines <- w:
	default:
		q.held.Add(-w.weight)
		q.lost.Add(1)
		q.missing.Add(1)
	}
}

// closeWait is how long close waits for a slow reader.
const closeWait = time.Second

// close writes what is waiting, for as long as closeWait allows.
func (q *queue) close() {
	q.once.Do(func() { close(q.stop) })
	select {
	case <-q.stopped:
	case <-time.After(closeWait):
	}
}

const (
	// pause is how long a queue rests after it has written: waking up for every
	// line would cost the decisions beside it more than writing does.
	pause = 10 * time.Millisecond
	// maxBatch bounds what is written at once, in bytes, a line's length aside.
	maxBatch = 16 << 10
)

func (q *queue) run(w io.Writer, failed func(error)) {
	defer close(q.stopped)
	rest := time.NewTimer(pause)
	for {
		select {
		case first := <-q.lines:
			q.writeAll(w, failed, first)
		case <-q.stop:
			for len(q.lines) > 0 {
				q.writeAll(w, failed, <-q.lines)
			}
			return
		}
		rest.Reset(pause)
		select {
		case <-rest.C:
		case <-q.stop:
		}
	}
}

// writeAll writes a line and all that are waiting behind it.
func (q *queue) writeAll(w io.Writer, failed func(error), next waiting) {
	batch := q.batch[:0]
	for lines := uint64(1); ; lines++ {
		batch = next.appendTo(batch)
		q.held.Add(-next.weight)
		last := len(q.lines) == 0
		if last || len(batch) > maxBatch {
			q.write(w, failed, batch, lines)
			batch, lines = batch[:0], 0
			runtime.Gosched() // decisions come first
		}
		if last {
			break
		}
		next = <-q.lines
	}
	if cap(batch) <= 2*maxBatch {
		q.batch = batch
	}
	if lost := q.lost.Swap(0); lost > 0 {
		q.write(w, failed, lostLine(time.Now(), lost), 1)
	}
}

// write writes some lines. After a part of a line it begins a new one first.
func (q *queue) write(w io.Writer, failed func(error), batch []byte, lines uint64) {
	if q.torn {
		batch = append([]byte("\n"), batch...)
		lines++
	}
	n, err := w.Write(batch)
	if n > 0 {
		q.torn = batch[n-1] != '\n'
	}
	if err == nil {
		q.failure.Store(nil)
		return
	}
	q.missing.Add(lines - uint64(bytes.Count(batch[:n], []byte("\n"))))
	if q.failure.Swap(&err) == nil {
		failed(err)
	}
}

func lostLine(now time.Time, lost uint64) []byte {
	return fmt.Appendf(nil, `{"level":"error","lost":%d,"msg":"log lines were lost because they were read too slowly","time":%q}`+"\n",
		lost, now.UTC().Format(time.RFC3339Nano))
}

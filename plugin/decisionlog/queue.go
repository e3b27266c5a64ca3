package decisionlog

import (
	"fmt"
	"io"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// queueLines is how many lines wait for a slow reader before lines are lost.
const queueLines = 1024

// queue is a writer that never makes its caller wait: the plugin's output is a
// pipe, and a reader that stalls must not hold up decisions.
type queue struct {
	lines   chan waiting
	lost    atomic.Uint64 // since it was last said
	missing atomic.Uint64 // since the start: lost, or not written
	failure atomic.Pointer[error]
	held    atomic.Int64 // weight of the documents of waiting lines
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

// pause is how long a queue rests after it has written: waking up for every
// line would cost the decisions beside it more than writing does.
const pause = 2 * time.Millisecond

func (q *queue) run(w io.Writer, failed func(error)) {
	defer close(q.stopped)
	write := func(line []byte) {
		_, err := w.Write(line)
		if err == nil {
			q.failure.Store(nil)
			return
		}
		q.missing.Add(1)
		if q.failure.Swap(&err) == nil {
			failed(err)
		}
	}
	next := func(w waiting) {
		write(w.encode())
		q.held.Add(-w.weight)
		if lost := q.lost.Swap(0); lost > 0 {
			write(lostLine(time.Now(), lost))
		}
	}
	all := func() {
		for len(q.lines) > 0 {
			next(<-q.lines)
		}
	}
	rest := time.NewTimer(pause)
	for {
		select {
		case w := <-q.lines:
			next(w)
			all()
		case <-q.stop:
			all()
			return
		}
		rest.Reset(pause)
		select {
		case <-rest.C:
		case <-q.stop:
		}
	}
}

func lostLine(now time.Time, lost uint64) []byte {
	return fmt.Appendf(nil, `{"level":"error","lost":%d,"msg":"log lines were lost because they were read too slowly","time":%q}`+"\n",
		lost, now.UTC().Format(time.RFC3339Nano))
}

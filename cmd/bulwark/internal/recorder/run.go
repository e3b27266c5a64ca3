package recorder

import (
	"context"
	"slices"
	"strings"
	"time"
)

// start lets a container run, or end at once when somebody waits for that.
func (w *world) start(name string) {
	w.change(name, func(c *container) {
		c.status = running
		w.happened(c.event("start"))
		if c.attached && c.awaited || w.mustComplete(c) {
			w.finish(c)
		}
	})
}

// stop ends a container that runs.
func (w *world) stop(name string) { w.change(name, w.finish) }

// finish must be called with the lock held.
func (w *world) finish(c *container) {
	if c.status == running {
		c.status = exited
		w.happened(c.event("die"))
	}
}

// endAll ends every container that runs.
func (w *world) endAll() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, c := range w.containers {
		w.finish(c)
	}
}

// mustComplete reports whether a service of the same compose project waits for
// the end of this one: compose creates all containers before it starts any.
func (w *world) mustComplete(c *container) bool {
	const service, project, dependencies = "com.docker.compose.service", "com.docker.compose.project", "com.docker.compose.depends_on"
	own := c.labels()
	for _, other := range w.containers {
		labels := other.labels()
		if own[service] == "" || labels[project] != own[project] {
			continue
		}
		for dependency := range strings.SplitSeq(labels[dependencies], ",") {
			if strings.HasPrefix(dependency, own[service]+":service_completed_successfully") {
				return true
			}
		}
	}
	return false
}

// ended returns once a container has ended, is gone, or ctx ends.
func (w *world) ended(ctx context.Context, name string) {
	for {
		w.mu.Lock()
		c, changed := w.find(name), w.changed
		over := c == nil || c.status == exited
		w.mu.Unlock()
		if over {
			return
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return
		}
	}
}

// eventsSince is the number of the first event that is not older than a time.
func (w *world) eventsSince(t time.Time) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	n := slices.IndexFunc(w.events, func(event object) bool {
		at, _ := event["timeNano"].(int64)
		return at >= t.UnixNano()
	})
	if n < 0 {
		return len(w.events)
	}
	return n
}

// eventsFrom are the events from the nth on, and what tells of the next one.
func (w *world) eventsFrom(n int) ([]object, <-chan struct{}) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.events[n:], w.changed
}

package facts

import "sync"

// coalescer lets equal questions share one answer, and never an answer that
// was asked for before the question came up: who finds a look-up under way
// shares the one after it. A volume made anew between two requests is seen by
// the second, whatever the first was still waiting for.
type coalescer struct {
	mu      sync.Mutex
	running map[string]*flight
}

// flight is one look-up, and the one that waits for its end.
type flight struct {
	next *shared
}

// shared is an answer in the making.
type shared struct {
	done chan struct{}
	body []byte
	err  error
}

func newShared() *shared { return &shared{done: make(chan struct{})} }

// do returns an answer to key that ask started to look up after the call.
func (c *coalescer) do(key string, ask func() ([]byte, error)) *shared {
	c.mu.Lock()
	defer c.mu.Unlock()
	if f := c.running[key]; f != nil {
		if f.next == nil {
			f.next = newShared()
		}
		return f.next
	}
	if c.running == nil {
		c.running = map[string]*flight{}
	}
	first := newShared()
	f := &flight{}
	c.running[key] = f
	go c.run(key, f, first, ask)
	return first
}

// run answers one round after the other until nobody waits.
func (c *coalescer) run(key string, f *flight, now *shared, ask func() ([]byte, error)) {
	for now != nil {
		now.body, now.err = ask()
		close(now.done)
		c.mu.Lock()
		now, f.next = f.next, nil
		if now == nil {
			delete(c.running, key)
		}
		c.mu.Unlock()
	}
}

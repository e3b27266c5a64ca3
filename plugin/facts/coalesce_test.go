package facts

import (
	"fmt"
	"runtime"
	"sync/atomic"
	"testing"
)

// TestCoalescerNeverAnswersFromThePast starts a look-up, changes what it would
// see, and asks again while it is still under way.
func TestCoalescerNeverAnswersFromThePast(t *testing.T) {
	var c coalescer
	var version atomic.Int64
	started, release := make(chan struct{}, 1), make(chan struct{})
	ask := func() ([]byte, error) {
		seen := version.Load()
		started <- struct{}{}
		<-release
		return fmt.Append(nil, seen), nil
	}
	first := c.do("volume", ask)
	<-started
	version.Store(1)
	second, third := c.do("volume", ask), c.do("volume", ask)
	if second != third {
		t.Error("two questions that wait do not share an answer")
	}
	close(release)
	<-first.done
	<-second.done
	if string(first.body) != "0" || string(second.body) != "1" {
		t.Errorf("answers %s and %s, want 0 and 1", first.body, second.body)
	}
}

func TestCoalescerSharesAndForgets(t *testing.T) {
	var c coalescer
	var asked atomic.Int64
	release := make(chan struct{})
	var answers []*shared
	for range 200 {
		answers = append(answers, c.do("image", func() ([]byte, error) {
			asked.Add(1)
			<-release
			return []byte("x"), nil
		}))
	}
	close(release)
	for _, answer := range answers {
		<-answer.done
	}
	if n := asked.Load(); n != 2 {
		t.Errorf("asked %d times, want once for the first and once for all the others", n)
	}
	for c.looking("image") {
		runtime.Gosched() // the last one has answered, and is about to leave
	}
}

func (c *coalescer) looking(key string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.running[key] != nil
}

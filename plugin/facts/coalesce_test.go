package facts

import (
	"fmt"
	"sync"
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
	var all sync.WaitGroup
	for range 200 {
		all.Go(func() {
			answer := c.do("image", func() ([]byte, error) {
				asked.Add(1)
				return []byte("x"), nil
			})
			<-answer.done
		})
	}
	all.Wait()
	if n := asked.Load(); n < 1 || n > 200 {
		t.Errorf("asked %d times", n)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.running) != 0 {
		t.Errorf("%d look-ups are remembered", len(c.running))
	}
}

package main

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"os"
	"sync"
	"syscall"
	"time"
)

// figure is one number, and what it may be at most.
type figure struct {
	Name   string  `json:"name"`
	Value  float64 `json:"value"`
	Unit   string  `json:"unit"`
	Target float64 `json:"target,omitempty"`
}

// footprint measures what Bulwark takes besides time.
func (b *bench) footprint(all []workload, quick bool) ([]figure, error) {
	decisions, starts, bodies := 20_000, 10, 3
	if quick {
		decisions, starts, bodies = 2_000, 3, 1
	}
	size, err := os.Stat(b.bulwark)
	if err != nil {
		return nil, fmt.Errorf("reading the program's size: %w", err)
	}
	figures := []figure{{"size of the program", float64(size.Size()) / 1e6, "MB", 28}}
	for _, measure := range []func() (figure, error){
		func() (figure, error) { return b.startTime(named(all, "create allowed"), starts) },
		func() (figure, error) { return b.resident(questions(all), decisions) },
		func() (figure, error) { return b.peak(named(all, "create with 4 MiB"), bodies) },
	} {
		f, err := measure()
		if err != nil {
			return nil, err
		}
		figures = append(figures, f)
	}
	return figures, nil
}

// startTime is from the start of the process to its first decision.
func (b *bench) startTime(w workload, starts int) (figure, error) {
	var took samples
	for n := range starts {
		started := time.Now()
		s, err := b.startBulwark(fmt.Sprintf("start-%d", n), everyRule)
		if err != nil {
			return figure{}, err
		}
		c, err := gather(s, 1)
		if err != nil {
			return figure{}, err
		}
		_, err = c.call([]workload{w}, 1)
		took = append(took, time.Since(started))
		c.leave()
		s.stop()
		if err != nil {
			return figure{}, err
		}
	}
	return figure{"from its start to the first decision", micros(took.quantile(0.5)) / 1000, "ms", 100}, nil
}

// resident is the memory in use after many decisions.
func (b *bench) resident(mix []workload, decisions int) (figure, error) {
	const clients = 8
	s, err := b.startBulwark("resident", everyRule)
	if err != nil {
		return figure{}, err
	}
	defer s.stop()
	c, err := gather(s, clients)
	if err != nil {
		return figure{}, err
	}
	defer c.leave()
	if _, err := c.call(mix, decisions/clients); err != nil {
		return figure{}, err
	}
	used, err := s.memory("VmRSS")
	return figure{fmt.Sprintf("resident memory after %d decisions", decisions), used, "MiB", 48}, err
}

// peak is the most memory that was in use while parallel clients sent large
// bodies. Of so many at once some may be refused; what is not must be allowed.
func (b *bench) peak(large workload, each int) (figure, error) {
	s, err := b.startBulwark("peak", everyRule)
	if err != nil {
		return figure{}, err
	}
	defer s.stop()
	refused := make([]int, parallel)
	faults := make([]error, parallel)
	var all sync.WaitGroup
	for i := range parallel {
		all.Go(func() {
			for range each {
				fine, err := pass(s, large)
				if err != nil {
					faults[i] = err
					return
				}
				if !fine {
					refused[i]++
				}
			}
		})
	}
	all.Wait()
	if err := errors.Join(faults...); err != nil {
		return figure{}, err
	}
	total := 0
	for _, n := range refused {
		total += n
	}
	used, err := s.memory("VmHWM")
	name := fmt.Sprintf("peak memory under %d parallel bodies of 4 MiB (%d of %d refused)", parallel, total, parallel*each)
	return figure{name, used, "MiB", 160}, err
}

// pass makes one call on a connection of its own. It is false for a call that
// was refused because there are too many, which Bulwark says early: it may
// have closed the connection before all was sent.
func pass(s *server, w workload) (bool, error) {
	c, err := dial(s.socket)
	if err != nil {
		return false, err
	}
	defer c.close()
	status, answer, err := c.post(w.request)
	switch {
	case errors.Is(err, syscall.EPIPE), errors.Is(err, syscall.ECONNRESET):
		return false, nil
	case err != nil:
		return false, err
	case status == http.StatusInternalServerError && bytes.Contains(answer, []byte("too many requests at once")):
		return false, nil
	case status != http.StatusOK || string(answer) != allowed:
		return false, fmt.Errorf("%s: got %d %s, want %s", w.name, status, clip(answer), allowed)
	default:
		return true, nil
	}
}

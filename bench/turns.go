package main

import (
	"errors"
	"sync"
	"time"
)

// crowd are clients of one plugin, each with a connection of its own.
type crowd struct {
	clients []*client
	judges  bool
}

func gather(s *server, size int) (*crowd, error) {
	c := &crowd{judges: s.judges}
	for range size {
		one, err := dial(s.socket)
		if err != nil {
			c.leave()
			return nil, err
		}
		c.clients = append(c.clients, one)
	}
	return c, nil
}

func (c *crowd) leave() {
	for _, one := range c.clients {
		one.close()
	}
}

// call lets every client make calls of the mix, each from another point of it,
// and returns how long each call took.
func (c *crowd) call(mix []workload, calls int) (samples, error) {
	took := make([]samples, len(c.clients))
	faults := make([]error, len(c.clients))
	var all sync.WaitGroup
	for i, one := range c.clients {
		took[i] = make(samples, 0, calls)
		all.Go(func() {
			for n := range calls {
				w := &mix[(i+n)%len(mix)]
				started := time.Now()
				if faults[i] = w.run(one, c.judges); faults[i] != nil {
					return
				}
				took[i] = append(took[i], time.Since(started))
			}
		})
	}
	all.Wait()
	var together samples
	for _, some := range took {
		together = append(together, some...)
	}
	return together, errors.Join(faults...)
}

// turns measures two plugins by turns, so that whatever else the machine does
// hits both. The first round warms up.
func turns(floor, subject *server, clients int, mix []workload, calls, rounds int) (pair, error) {
	var p pair
	servers, sides := [2]*server{floor, subject}, [2]*side{&p.floor, &p.subject}
	var crowds [2]*crowd
	for i, s := range servers {
		c, err := gather(s, clients)
		if err != nil {
			return p, err
		}
		defer c.leave()
		if _, err := c.call(mix, calls); err != nil {
			return p, err
		}
		crowds[i] = c
	}
	var before [2]time.Duration
	for i, s := range servers {
		var err error
		if before[i], err = s.processor(); err != nil {
			return p, err
		}
	}
	for range rounds {
		for i, c := range crowds {
			took, err := c.call(mix, calls)
			if err != nil {
				return p, err
			}
			sides[i].took = append(sides[i].took, took...)
		}
	}
	for i, s := range servers {
		after, err := s.processor()
		if err != nil {
			return p, err
		}
		sides[i].processor = (after - before[i]) / time.Duration(len(sides[i].took))
	}
	return p, nil
}

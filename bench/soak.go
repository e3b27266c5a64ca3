package main

import (
	"fmt"
	"io"
)

// soak makes very many decisions and prints, for each tenth of them, how long
// they took and how much memory is in use after them.
func (b *bench) soak(out io.Writer, decisions int) error {
	const clients, parts = 8, 10
	s, err := b.startBulwark("soak", everyRule)
	if err != nil {
		return err
	}
	c, err := gather(s, clients)
	if err != nil {
		return err
	}
	defer c.leave()
	mix := questions(workloads())
	fmt.Fprintf(out, "%12s %10s %10s %14s\n", "decisions", "p50", "p99", "resident")
	for part := 1; part <= parts; part++ {
		took, err := c.call(mix, decisions/parts/clients)
		if err != nil {
			return err
		}
		used, err := s.memory("VmRSS")
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "%12d %7.0f µs %7.0f µs %10.1f MiB\n", part*len(took), micros(took.quantile(0.5)), micros(took.quantile(0.99)), used)
	}
	return nil
}

// Command bench measures what Bulwark costs: it drives the real program over
// its socket as the engine does, in turns with a plugin that does nothing.
// docs/performance.md says how, and what came out; make bench runs it.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// parallel is the number of clients that ask at once.
const parallel = 64

type options struct {
	bulwark, noop, output string
	quick                 bool
	soak                  int
}

func main() {
	var o options
	flag.StringVar(&o.bulwark, "bulwark", "bin/bulwark", "the program `PATH`")
	flag.StringVar(&o.noop, "noop", "_out/bench/noop", "the no-op plugin's `PATH`")
	flag.StringVar(&o.output, "o", "text", "the `FORMAT`: text or json")
	flag.BoolVar(&o.quick, "quick", false, "fewer calls: to see that it works, not to measure")
	flag.IntVar(&o.soak, "soak", 0, "make `COUNT` decisions instead, and print whether time and memory stay the same")
	flag.Parse()
	if err := run(o, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(2)
	}
}

func run(o options, out io.Writer) (err error) {
	if flag.NArg() > 0 || o.output != "text" && o.output != "json" {
		return errors.New("usage: bench [-quick] [-o text|json] [-soak COUNT]")
	}
	dir, err := os.MkdirTemp("", "bulwark-bench-")
	if err != nil {
		return fmt.Errorf("making a folder for the plugins: %w", err)
	}
	b := &bench{bulwark: filepath.Join(dir, "bulwark"), noop: filepath.Join(dir, "noop"), dir: dir, rounds: 40}
	defer func() { err = errors.Join(err, b.close()) }()
	// A build in the middle of it all must not change what is measured.
	if err := errors.Join(copyProgram(b.bulwark, o.bulwark), copyProgram(b.noop, o.noop)); err != nil {
		return err
	}
	if o.quick {
		b.rounds = 3
	}
	if o.soak > 0 {
		return b.soak(out, o.soak)
	}
	return b.measure(printer{out: out, json: o.output == "json"}, o.quick)
}

func copyProgram(to, from string) error {
	program, err := os.ReadFile(from)
	if err == nil {
		err = os.WriteFile(to, program, 0o755) //nolint:gosec // to is in our own folder
	}
	if err != nil {
		return fmt.Errorf("copying a plugin's program: %w; make bench builds it", err)
	}
	return nil
}

// measure measures and prints everything.
func (b *bench) measure(p printer, quick bool) error {
	r := report{Machine: machine()}
	all := workloads()
	floor, err := b.startNoop()
	if err != nil {
		return err
	}
	subject, err := b.startBulwark("subject", everyRule)
	if err != nil {
		return err
	}
	if err := checkAll(all, subject); err != nil {
		return err
	}
	p.machine(r.Machine)
	p.heading("no-op", "Bulwark")
	for _, w := range all {
		measured, err := turns(floor, subject, 1, []workload{w}, w.calls, b.rounds)
		if err != nil {
			return err
		}
		r.Workloads = append(r.Workloads, p.row(measured.row(w.name, w.target, 0)))
	}
	mix := mixed(all)
	measured, err := turns(floor, subject, parallel, mix, len(mix), b.rounds)
	if err != nil {
		return err
	}
	r.Workloads = append(r.Workloads, p.row(measured.row(fmt.Sprintf("%d parallel clients, mixed", parallel), 1.5, 1.5)))
	floor.stop()
	subject.stop()

	p.heading("little", "much")
	for _, g := range growths() {
		grown, err := b.grow(g)
		if err != nil {
			return err
		}
		r.Growth = append(r.Growth, p.row(grown))
	}
	if r.Figures, err = b.footprint(all, quick); err != nil {
		return err
	}
	p.figures(r.Figures)
	return p.end(r)
}

// checkAll makes sure that every answer is the one that is to be measured.
func checkAll(all []workload, s *server) error {
	c, err := dial(s.socket)
	if err != nil {
		return err
	}
	defer c.close()
	for _, w := range all {
		if err := w.check(c); err != nil {
			return err
		}
	}
	return nil
}

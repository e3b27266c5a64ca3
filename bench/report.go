package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
)

// report is everything that was measured, for a machine to read.
type report struct {
	Machine   string   `json:"machine"`
	Workloads []row    `json:"workloads"`
	Growth    []row    `json:"growth"`
	Figures   []figure `json:"figures"`
}

// printer writes a table as it grows, or nothing until the end, for JSON.
type printer struct {
	out  io.Writer
	json bool
}

func (p printer) machine(name string) {
	if !p.json {
		fmt.Fprintln(p.out, name)
	}
}

const rowFormat = "%-42s %21s %6s %-14s %21s %6s %-12s %19s %6s"

func (p printer) heading(floor, subject string) {
	if !p.json {
		both := floor + " / " + subject
		fmt.Fprintln(p.out)
		p.line("", "p50 "+both, "ratio", "target", "p99 "+both, "ratio", "target", "processor", "ratio")
	}
}

// row prints a row and returns it.
func (p printer) row(r row) row {
	if !p.json {
		p.line(r.Workload, r.P50.times(), r.P50.ratio(), verdict(r.P50.Ratio, r.P50.Target),
			r.P99.times(), r.P99.ratio(), verdict(r.P99.Ratio, r.P99.Target), r.CPU.times(), r.CPU.ratio())
	}
	return r
}

func (p printer) line(cells ...any) {
	fmt.Fprintln(p.out, strings.TrimRight(fmt.Sprintf(rowFormat, cells...), " "))
}

func (c compared) times() string { return fmt.Sprintf("%.0f / %.0f µs", c.Floor, c.Subject) }
func (c compared) ratio() string { return fmt.Sprintf("%.2f", c.Ratio) }

func (p printer) figures(all []figure) {
	if p.json {
		return
	}
	fmt.Fprintln(p.out)
	for _, f := range all {
		fmt.Fprintf(p.out, "%-66s %7.1f %-4s %s\n", f.Name, f.Value, f.Unit, verdict(f.Value, f.Target))
	}
}

// verdict says what a value may be, and whether it is.
func verdict(value, target float64) string {
	switch {
	case target == 0:
		return ""
	case value <= target:
		return fmt.Sprintf("<= %g ok", target)
	default:
		return fmt.Sprintf("<= %g OVER", target)
	}
}

func (p printer) end(r report) error {
	if !p.json {
		return nil
	}
	encoder := json.NewEncoder(p.out)
	encoder.SetIndent("", "  ")
	return encoder.Encode(r)
}

// machine names the processor and how many of it there are.
func machine() string {
	model := "unknown processor"
	info, _ := os.ReadFile("/proc/cpuinfo") // without it the model stays unknown
	for line := range strings.Lines(string(info)) {
		if name, value, _ := strings.Cut(line, ":"); strings.TrimSpace(name) == "model name" {
			model = strings.TrimSpace(value)
			break
		}
	}
	kernel, _ := os.ReadFile("/proc/sys/kernel/osrelease")
	return fmt.Sprintf("%d x %s, Linux %s, %s", runtime.NumCPU(), model, strings.TrimSpace(string(kernel)), runtime.Version())
}

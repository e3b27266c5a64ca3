package main

import (
	"math"
	"slices"
	"time"
)

// samples are how long calls took.
type samples []time.Duration

// quantile is the smallest sample that the part q of all samples does not exceed.
func (s samples) quantile(q float64) time.Duration {
	sorted := slices.Sorted(slices.Values(s))
	return sorted[int(math.Ceil(q*float64(len(sorted))))-1]
}

// side is what was measured of one plugin: how long the calls took, and how
// much of that its own process was running, a call.
type side struct {
	took      samples
	processor time.Duration
}

// pair are two plugins that took turns.
type pair struct{ floor, subject side }

// compared is one statistic of a pair, in microseconds.
type compared struct {
	Floor   float64 `json:"floor_us"`
	Subject float64 `json:"subject_us"`
	Ratio   float64 `json:"ratio"`
	Target  float64 `json:"target,omitempty"` // for the ratio, at most
}

// row is what is said of a pair.
type row struct {
	Workload string   `json:"workload"`
	Calls    int      `json:"calls"` // of each of the two
	P50      compared `json:"p50"`
	P99      compared `json:"p99"`
	CPU      compared `json:"cpu"`
}

func (p pair) row(name string, targetP50, targetP99 float64) row {
	return row{
		Workload: name,
		Calls:    len(p.subject.took),
		P50:      compare(p.floor.took.quantile(0.50), p.subject.took.quantile(0.50), targetP50),
		P99:      compare(p.floor.took.quantile(0.99), p.subject.took.quantile(0.99), targetP99),
		CPU:      compare(p.floor.processor, p.subject.processor, 0),
	}
}

func compare(floor, subject time.Duration, target float64) compared {
	return compared{micros(floor), micros(subject), micros(subject) / micros(floor), target}
}

func micros(d time.Duration) float64 { return float64(d.Nanoseconds()) / 1e3 }

package plugin

import (
	"fmt"
	"net/http"
	"time"

	"github.com/VictoriaMetrics/metrics"

	"github.com/bulwark-authz/bulwark/plugin/decisionlog"
)

// decisionBounds are the upper bounds, in seconds, of the histogram of how
// long decisions take; the last is that of a decision's time.
var decisionBounds = []float64{.0001, .00025, .0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5}

// counts are what Prometheus gets to read.
type counts struct {
	set                 *metrics.Set
	allow, deny, refuse *metrics.Counter
	seconds             *metrics.PrometheusHistogram
	loads, failedLoads  *metrics.Counter
}

func newCounts() *counts {
	metrics.ExposeMetadata(true)
	set := metrics.NewSet()
	return &counts{
		set:         set,
		allow:       set.NewCounter(`bulwark_decisions_total{outcome="allow"}`),
		deny:        set.NewCounter(`bulwark_decisions_total{outcome="deny"}`),
		refuse:      set.NewCounter(`bulwark_decisions_total{outcome="refuse"}`),
		seconds:     set.NewPrometheusHistogramExt("bulwark_decision_seconds", decisionBounds),
		loads:       set.NewCounter(`bulwark_policy_reloads_total{result="ok"}`),
		failedLoads: set.NewCounter(`bulwark_policy_reloads_total{result="failed"}`),
	}
}

// decided counts one decision, and each rule that found something once.
func (c *counts) decided(e decisionlog.Entry, took time.Duration) {
	switch e.Outcome {
	case decisionlog.Allow:
		c.allow.Inc()
	case decisionlog.Deny:
		c.deny.Inc()
	case decisionlog.Refuse:
		c.refuse.Inc()
	}
	c.seconds.Update(took.Seconds())
	c.found("deny", e.Violations)
	c.found("dryrun", e.Dryrun)
	c.found("excepted", e.Excepted)
}

// found takes findings that are sorted by rule.
func (c *counts) found(enforcement string, findings []decisionlog.Finding) {
	last := ""
	for _, f := range findings {
		if f.Rule != last {
			c.set.GetOrCreateCounter(fmt.Sprintf(`bulwark_findings_total{rule=%q,enforcement=%q}`, f.Rule, enforcement)).Inc()
		}
		last = f.Rule
	}
}

// serveMetrics answers in Prometheus' text format.
func (a *Authorizer) serveMetrics(w http.ResponseWriter, _ *http.Request) {
	s := a.status()
	now := metrics.NewSet() // what others count
	now.NewCounter(`bulwark_log_lines_lost_total{sink="stdout"}`).Set(s.Log.StdoutLost)
	now.NewCounter(`bulwark_log_lines_lost_total{sink="file"}`).Set(s.Log.FileLost)
	now.NewCounter(`bulwark_lookups_total{result="found"}`).Set(s.Lookups.Found)
	now.NewCounter(`bulwark_lookups_total{result="missing"}`).Set(s.Lookups.Missing)
	now.NewCounter(`bulwark_lookups_total{result="failed"}`).Set(s.Lookups.Failed)
	now.NewGauge("bulwark_policy_loaded_timestamp_seconds", nil).Set(seconds(s.Policy.Loaded))
	now.NewGauge("bulwark_policy_reload_failed", nil).Set(map[bool]float64{true: 1}[s.Policy.Error != ""])
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	a.counts.set.WritePrometheus(w)
	now.WritePrometheus(w)
}

// seconds since 1970; 0 for never.
func seconds(t time.Time) float64 {
	if t.IsZero() {
		return 0
	}
	return float64(t.UnixMilli()) / 1000
}

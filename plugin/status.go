package plugin

import (
	"context"
	"encoding/json"
	"net/http"
	"sync"
	"time"

	"github.com/bulwark-authz/bulwark/plugin/facts"
	"github.com/bulwark-authz/bulwark/plugin/policy"
)

// StatusPath is where the plugin's socket says how the plugin is, as JSON; at
// MetricsPath it says so to Prometheus. The engine never asks for either.
const (
	StatusPath  = "/status"
	MetricsPath = "/metrics"
)

// Status says how the plugin is.
type Status struct {
	About
	Started   time.Time       `json:"started"`
	Policy    PolicyStatus    `json:"policy"`
	Decisions DecisionsStatus `json:"decisions"`
	Log       LogStatus       `json:"log"`
	Lookups   LookupsStatus   `json:"lookups"`
}

// About is what stays the same while the plugin runs.
type About struct {
	Version string `json:"version"`
	// Config is the configuration folder as the host sees it.
	Config string `json:"config"`
	// LogFile is the file of the decision log, "" for none.
	LogFile string `json:"log_file"`
	// Landlock is the kernel's version of it, 0 when it has none.
	Landlock int `json:"landlock"`
}

// PolicyStatus is the policy in force, and what is wrong with a newer one.
type PolicyStatus struct {
	// Loaded is zero when there is no policy and every request is refused.
	Loaded time.Time `json:"loaded,omitzero"`
	// Hash is that of the configuration folder, see policy.Snapshot.
	Hash    string `json:"hash,omitempty"`
	Profile string `json:"profile,omitempty"`
	Mode    string `json:"mode,omitempty"`
	// Rules is how many are enforced or logged.
	Rules int `json:"rules"`
	// Notices are what the operator should know though it works.
	Notices []string `json:"notices,omitempty"`
	// Error is why what is in the folder now is not in force, since when.
	Error      string    `json:"error,omitempty"`
	ErrorSince time.Time `json:"error_since,omitzero"`
}

// DecisionsStatus counts decisions by outcome.
type DecisionsStatus struct {
	Allow  uint64 `json:"allow"`
	Deny   uint64 `json:"deny"`
	Refuse uint64 `json:"refuse"`
}

// LogStatus says whether the decision log is complete.
type LogStatus struct {
	StdoutLost uint64 `json:"stdout_lines_lost"`
	FileLost   uint64 `json:"file_lines_lost"`
	// FileError is why the file cannot be written now.
	FileError string `json:"file_error,omitempty"`
}

// LookupsStatus says whether the engine answers look-ups.
type LookupsStatus struct {
	// Enabled is false when the plugin was told to look nothing up.
	Enabled bool `json:"enabled"`
	facts.Lookups
	// Error is why the engine does not answer now.
	Error string `json:"error,omitempty"`
}

// policyState is which policy is in force.
type policyState struct {
	mu     sync.Mutex
	engine *policy.Engine // nil while there is none
	loaded time.Time
	hash   string
	err    error // of a newer one
	since  time.Time
}

// Describe says about the plugin what only its command line knows.
func (a *Authorizer) Describe(about About) { a.about = about }

// status says how the plugin is, but for whether the engine answers.
func (a *Authorizer) status() Status {
	s := Status{
		About:     a.about,
		Started:   a.started,
		Policy:    a.policy.status(time.Now()),
		Decisions: DecisionsStatus{Allow: a.counts.allow.Get(), Deny: a.counts.deny.Get(), Refuse: a.counts.refuse.Get()},
		Lookups:   LookupsStatus{Enabled: a.facts.Asks(), Lookups: a.facts.Lookups()},
	}
	health := a.log.Health()
	s.Log = LogStatus{StdoutLost: health.StreamLost, FileLost: health.FileLost}
	if health.FileError != nil {
		s.Log.FileError = health.FileError.Error()
	}
	return s
}

func (p *policyState) status(now time.Time) PolicyStatus {
	p.mu.Lock()
	defer p.mu.Unlock()
	var s PolicyStatus
	if p.engine != nil {
		s = PolicyStatus{Loaded: p.loaded, Hash: p.hash, Notices: p.engine.Notices(now)}
		s.Profile, s.Mode, s.Rules = p.engine.Summary()
	}
	if p.err != nil {
		s.Error, s.ErrorSince = p.err.Error(), p.since
	}
	return s
}

// serveStatus answers with the Status, after asking whether the engine is there.
func (a *Authorizer) serveStatus(w http.ResponseWriter, r *http.Request) {
	s := a.status()
	if s.Lookups.Enabled {
		s.Lookups.Error = a.pingError(r.Context())
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(s) // whoever asked may be gone
}

func (a *Authorizer) pingError(ctx context.Context) string {
	if err := a.facts.Ping(ctx); err != nil {
		return err.Error()
	}
	return ""
}

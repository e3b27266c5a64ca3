// Package doctor looks at a running Bulwark and at what it depends on, and says
// what is wrong and what to do about it. It changes nothing.
package doctor

import (
	"cmp"
	"context"
	"path/filepath"
	"time"

	"github.com/bulwark-authz/bulwark/cmd/bulwark/internal/engine"
	"github.com/bulwark-authz/bulwark/plugin"
	"github.com/bulwark-authz/bulwark/plugin/policy"
)

// askTimeout is how long one answer of the engine or the plugin may take.
const askTimeout = 10 * time.Second

// Options say what to look at.
type Options struct {
	Engine       string // the engine's address, unix:///var/run/docker.sock
	DaemonConfig string // its daemon.json; empty means the one that the engine reads
	Plugin       string // the plugin's name in the engine
	Socket       string // the plugin's socket; empty means that of the engine's plugin
	Config       string // the configuration folder; empty means the one that the plugin reads
	// DefaultConfig is the folder when nobody says which.
	DefaultConfig string
}

// State is what a check came to.
type State string

const (
	// OK needs nothing.
	OK State = "ok"
	// Warn works, and somebody should know.
	Warn State = "warn"
	// Fail must be mended.
	Fail State = "fail"
)

// Check is one thing that was looked at.
type Check struct {
	Name  string `json:"name"`
	State State  `json:"state"`
	// Text says what was found, Advice what to do about it.
	Text   string `json:"text"`
	Advice string `json:"advice,omitempty"`
}

// examination is one run of Examine. What a check finds out, later ones use.
type examination struct {
	Options
	client  *engine.Client
	process engine.Process
	answers bool           // the engine does
	managed *engine.Plugin // nil when the engine has none
	status  *plugin.Status // nil when the plugin does not answer
	loaded  *policy.Engine // of the folder; nil when it is broken
	broken  error          // why
	hash    string         // of the folder
	checks  []Check
}

// Examine looks at everything, the engine first. It fails only on options
// that make no sense.
func Examine(ctx context.Context, o Options) ([]Check, error) {
	client, err := engine.NewClient(o.Engine)
	if err != nil {
		return nil, err
	}
	e := &examination{Options: o, client: client}
	e.checkEngine(ctx)
	if e.answers && o.Socket == "" {
		e.checkInstalled(ctx)
	}
	if e.answers {
		e.checkChain(ctx)
	}
	e.checkPlugin(ctx)
	e.readFolder()
	if e.status != nil {
		e.checkPolicy(ctx)
	}
	e.checkSettings()
	if e.status != nil {
		e.checkLog()
		e.checkLookups()
		e.checkConfinement()
	}
	return e.checks, nil
}

func (e *examination) add(name string, state State, text, advice string) {
	e.checks = append(e.checks, Check{Name: name, State: state, Text: text, Advice: advice})
}

// config is the configuration folder as the host sees it.
func (e *examination) config() string {
	said := ""
	if e.status != nil {
		said = e.status.Config
	} else if e.managed != nil {
		said = e.managed.Env("BULWARK_CONFIG")
	}
	return cmp.Or(e.Config, said, e.DefaultConfig)
}

// socket is where the plugin listens on the host, "" when that is unknown.
func (e *examination) socket() string {
	if e.Socket != "" || e.managed == nil {
		return e.Socket
	}
	root := cmp.Or(e.process.Flag("exec-root"), "/run/docker")
	return filepath.Join(root, "plugins", e.managed.ID, "bulwark.sock")
}

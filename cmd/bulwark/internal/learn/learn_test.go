package learn

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bulwark-authz/bulwark/cmd/bulwark/internal/decisions"
	"github.com/bulwark-authz/bulwark/plugin/input"
	"github.com/bulwark-authz/bulwark/plugin/policy"
	"github.com/bulwark-authz/bulwark/policies"
)

var now = time.Date(2026, 11, 23, 20, 0, 0, 0, time.UTC)

// sent is one request of a log.
type sent struct{ user, method, uri, body string }

// logOf is the log of requests; their ids are 1, 2, 3...
func logOf(t *testing.T, requests ...sent) string {
	t.Helper()
	var log strings.Builder
	for i, r := range requests {
		req := input.Request{User: r.user, Method: r.method, URI: r.uri}
		if r.body != "" {
			req.Body = []byte(r.body)
		}
		document, err := json.Marshal(input.FromRequest(req))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := fmt.Fprintf(&log, `{"msg":"decision","decision_id":"%d","user":%q,"input":%s}`+"\n", i+1, r.user, document); err != nil {
			t.Fatal(err)
		}
	}
	return log.String()
}

// builtin compiles the rules once for all tests.
var builtin = sync.OnceValues(func() (*policy.Engine, error) { return policy.New(policy.Settings{}) })

func propose(t *testing.T, settings policy.Settings, log string) Proposal {
	t.Helper()
	builtin, err := builtin()
	if err != nil {
		t.Fatal(err)
	}
	present, err := builtin.With(settings)
	if err != nil {
		t.Fatal(err)
	}
	p, err := Run(t.Context(), present, decisions.Read(decisions.Logs([]string{"-"}, strings.NewReader(log))...), now)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// check compares a proposal's settings, and its summary.
func check(t *testing.T, p Proposal, settings, summary string) {
	t.Helper()
	text, err := p.Settings()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(settings, text); diff != "" {
		t.Errorf("settings (-want +got):\n%s", diff)
	}
	var out strings.Builder
	if err := p.Summary(&out); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(summary, out.String()); diff != "" {
		t.Errorf("summary (-want +got):\n%s", diff)
	}
}

const create = "/v1.41/containers/create"

func TestProposal(t *testing.T) {
	log := logOf(t,
		sent{"alice", "POST", create + "?name=a", `{"Image":"busybox","User":"1000","HostConfig":{"Binds":["/srv/data:/data:ro"]}}`},
		sent{"alice", "POST", create + "?name=b", `{"Image":"busybox","User":"1000","HostConfig":{"Binds":["/srv/data:/data:ro"]}}`},
		sent{"bob", "POST", create, `{"Image":"busybox","User":"1000","HostConfig":{"Binds":["/srv/log:/log"],"CapAdd":["NET_ADMIN","SYS_TIME"]}}`},
		sent{"bob", "POST", create, `{"Image":"quay.io/acme/app:1","User":"1000","HostConfig":{"Privileged":true,"PidMode":"host"}}`},
		sent{"", "POST", "/v1.41/plugins/bulwark/disable", ""},
		sent{"", "POST", "/v1.41/nonsense", ""},
		sent{"", "GET", "/v1.41/version", ""},
	)
	p := propose(t, policy.Settings{Mode: policy.Audit, Rules: map[string]policies.Override{
		"root_user":  {Enforcement: "dryrun"},
		"host_binds": {Params: map[string]any{"allowed": []any{map[string]any{"path": "/opt"}}}},
	}}, log)
	check(t, p, `# Proposed by bulwark learn from what was recorded. Read each line before you use it:
# what was recorded may be an attack.
rules:
  cap_add:
    params:
      allowed:
        # critical: 1 decision of bob, e.g. 3: cap_add: the capability NET_ADMIN would be added
        - NET_ADMIN
        # critical: 1 decision of bob, e.g. 3: cap_add: the capability SYS_TIME would be added
        - SYS_TIME
  host_binds:
    params:
      allowed:
        - path: /opt
        # critical: 2 decisions of alice, e.g. 1: host_binds: /srv/data of the host would be mounted at /data
        - path: /srv/data
          read_only: true
        # critical: 1 decision of bob, e.g. 3: host_binds: /srv/log of the host would be mounted at /log
        - path: /srv/log
  unknown_operation:
    # with this the rule denies nobody; nothing narrower does
    # critical: 1 decision of (no user name), e.g. 6: unknown_operation: no operation of the engine is known for POST /nonsense
    enforcement: dryrun
  untrusted_registry:
    params:
      trusted:
        - docker.io/library
        # high: 1 decision of bob, e.g. 4: untrusted_registry: the image quay.io/acme/app:1 is not from a trusted registry
        - quay.io/acme/app
exceptions:
  - name: learned-1
    rules:
      # high: 1 decision of bob, e.g. 4: host_namespaces: the container would share the host's processes
      - host_namespaces
      # critical: 1 decision of bob, e.g. 4: privileged: the container would have all of the host's powers (HostConfig.Privileged is true)
      - privileged
    match:
      images:
        - quay.io/acme/app
      users:
        - bob
      operations:
        - ContainerCreate
    reason: proposed by bulwark learn; say here why it is right
    expires: "2027-02-21"
`, `7 decisions made again: the present settings deny 6, the proposed ones 1
what the present settings only log is enforced by the proposed ones, wherever it is not opened
not opened: self_protection is locked: no settings let it pass (1 decision, e.g. 5: self_protection: the plugin bulwark may be Bulwark under another name, and would be disabled)
read each line before you use it: what was recorded may be an attack
`)
	passes(t, p, log, 6)
}

// passes loads a proposal's settings as an operator would, and decides again.
func passes(t *testing.T, p Proposal, log string, want int) {
	t.Helper()
	text, err := p.Settings()
	if err != nil {
		t.Fatal(err)
	}
	engine, err := policy.LoadFS(fstest.MapFS{policy.SettingsFile: {Data: []byte(text)}}, "proposed")
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	passing := 0
	for entry, err := range decisions.Read(decisions.Logs([]string{"-"}, strings.NewReader(log))...) {
		if err != nil {
			t.Fatal(err)
		}
		doc, err := entry.Document()
		if err != nil {
			t.Fatal(err)
		}
		decision, err := engine.Decide(t.Context(), doc)
		if err != nil {
			t.Fatal(err)
		}
		if decision.Allow {
			passing++
		}
	}
	if passing != want || p.Passing != want {
		t.Errorf("%d pass, and %d are said to; want %d", passing, p.Passing, want)
	}
}

func TestNothingToOpen(t *testing.T) {
	p := propose(t, policy.Settings{Profile: "baseline"}, logOf(t, sent{"", "GET", "/v1.41/version", ""})+`{"msg":"decision","violations":[{"rule":"r"}]}`)
	check(t, p, `# Proposed by bulwark learn from what was recorded. Read each line before you use it:
# what was recorded may be an attack.
profile: baseline
`, `1 decision made again: the present settings deny 0, the proposed ones 0
not considered: 1 denial whose requests are not in the log
read each line before you use it: what was recorded may be an attack
`)
}

// TestHostileLog has names that would act on a terminal, or on a reader of YAML.
func TestHostileLog(t *testing.T) {
	log := logOf(t,
		sent{"eve\u202e", "POST", create, `{"Image":"busybox","User":"0"}`},
		sent{"# x: y", "POST", create, `{"Image":"busybox","User":"1000","HostConfig":{"Annotations":{"- b: #c":"y"}}}`},
		sent{"# x: y", "POST", create, `{"Image":"busybox:2","User":"1000","HostConfig":{"Runtime":"a\u001b[2J"}}`},
	)
	p := propose(t, policy.Settings{}, log)
	check(t, p, `# Proposed by bulwark learn from what was recorded. Read each line before you use it:
# what was recorded may be an attack.
rules:
  annotations:
    params:
      allowed:
        # high: 1 decision of # x: y, e.g. 2: annotations: the annotation - b: #c would be passed to the runtime
        - '- b: #c'
exceptions:
  - name: learned-1
    rules:
      # high: 1 decision of # x: y, e.g. 3: runtime: the container would be made by the runtime a\u001b[2J
      - runtime
    match:
      images:
        - docker.io/library/busybox
      users:
        - '# x: y'
      operations:
        - ContainerCreate
    reason: proposed by bulwark learn; say here why it is right
    expires: "2027-02-21"
`, `3 decisions made again: the present settings deny 3, the proposed ones 1
not opened: the user's name has characters that do not print (1 decision, e.g. 1: root_user: the container would run as root (User is 0))
read each line before you use it: what was recorded may be an attack
`)
	passes(t, p, log, 2)
}

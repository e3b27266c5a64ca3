package doctor

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/sirupsen/logrus"

	"github.com/bulwark-authz/bulwark/cmd/bulwark/internal/engine"
	"github.com/bulwark-authz/bulwark/plugin"
	"github.com/bulwark-authz/bulwark/plugin/decisionlog"
	"github.com/bulwark-authz/bulwark/plugin/policy"
)

// fakeEngine gives each request of the doctor a fixed answer: a status and a body.
type fakeEngine map[string]string

const (
	healthyInfo   = `200 {"ServerVersion": "20.10.24"}`
	healthyPlugin = `200 {"Id": "abc", "Enabled": true, "Settings": {"Env": ["BULWARK_CONFIG=/srv/bulwark"]}}`
	denied        = `403 {"message": "authorization denied by plugin bulwark:latest: self_protection: no"}`
	notAsked      = `409 {"message": "cannot set on an active plugin"}`
	failedIn      = `500 {"message": "plugin bulwark:latest failed with error: no answer"}`
)

func (f fakeEngine) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	status, body, _ := strings.Cut(f[r.Method+" "+r.URL.Path], " ")
	var code int
	_, _ = fmt.Sscan(status, &code)
	w.WriteHeader(code)
	_, _ = io.WriteString(w, body)
}

// listen serves a handler on a socket until the test ends.
func listen(t *testing.T, handler http.Handler) (socket string) {
	t.Helper()
	socket = filepath.Join(t.TempDir(), "s.sock")
	listener, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: time.Minute}
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() { _ = server.Close() })
	return socket
}

// lines are the checks of a name as one line each, with SOCKET and FILE for what differs.
func lines(checks []Check, replace ...string) []string {
	var all []string
	for _, c := range checks {
		line := fmt.Sprintf("%s %s: %s", c.State, c.Name, c.Text)
		if c.Advice != "" {
			line += " -> " + c.Advice
		}
		all = append(all, strings.NewReplacer(replace...).Replace(line))
	}
	return all
}

func TestEngine(t *testing.T) {
	for name, test := range map[string]struct {
		engine     fakeEngine
		daemonJSON string // "" for none
		want       []string
	}{
		"all is well": {
			fakeEngine{"GET /info": healthyInfo, "GET /plugins/bulwark/json": healthyPlugin, "POST /plugins/bulwark/set": denied},
			`{"authorization-plugins": ["bulwark"]}`,
			[]string{
				"ok engine: Docker Engine 20.10.24 answers at SOCKET",
				"ok plugin: the plugin bulwark is enabled",
				"ok requests: the engine asks bulwark about every request, as FILE says",
			},
		},
		"not installed": {
			fakeEngine{"GET /info": healthyInfo, "GET /plugins/bulwark/json": `404 {"message": "no such plugin"}`, "POST /plugins/bulwark/set": `404 {"message": "no such plugin"}`},
			"",
			[]string{
				"ok engine: Docker Engine 20.10.24 answers at SOCKET",
				"fail plugin: the engine has no plugin bulwark -> install Bulwark with make install, or name the socket of a plugin that runs outside of the engine with --socket",
				"fail requests: the engine does not ask bulwark: FILE does not list it -> install Bulwark with make install",
			},
		},
		"not enabled": {
			fakeEngine{"GET /info": healthyInfo, "GET /plugins/bulwark/json": `200 {"Id": "abc"}`, "POST /plugins/bulwark/set": `204 `},
			`{"authorization-plugins": ["bulwark:latest"]}`,
			[]string{
				"ok engine: Docker Engine 20.10.24 answers at SOCKET",
				"fail plugin: the plugin bulwark is not enabled -> install Bulwark with make install",
				"fail requests: the engine does not ask bulwark, though FILE lists it -> install Bulwark with make install",
			},
		},
		"forgotten in daemon.json": {
			fakeEngine{"GET /info": healthyInfo, "GET /plugins/bulwark/json": healthyPlugin, "POST /plugins/bulwark/set": denied},
			`{"authorization-plugins": ["other"]}`,
			[]string{
				"ok engine: Docker Engine 20.10.24 answers at SOCKET",
				"ok plugin: the plugin bulwark is enabled",
				`fail requests: the engine asks bulwark about every request, but will not after a restart: FILE does not list it -> add "bulwark" to "authorization-plugins" in FILE`,
			},
		},
		"daemon.json is broken": {
			fakeEngine{"GET /info": healthyInfo, "GET /plugins/bulwark/json": healthyPlugin, "POST /plugins/bulwark/set": notAsked},
			`{`,
			[]string{
				"ok engine: Docker Engine 20.10.24 answers at SOCKET",
				"ok plugin: the plugin bulwark is enabled",
				"warn requests: reading FILE: reading JSON: unexpected end of JSON input -> run it with sudo, and name the engine's daemon.json with --daemon-config",
			},
		},
		"the plugin is silent": {
			fakeEngine{"GET /info": failedIn}, "",
			[]string{
				"fail engine: the engine refuses every request, since the plugin bulwark does not answer it: asking the engine about itself: plugin bulwark:latest failed with error: no answer (HTTP 500) -> " + engineLog,
			},
		},
		"the engine does not say what it is": {
			fakeEngine{"GET /info": `403 {"message": "no"}`, "GET /plugins/bulwark/json": failedIn, "POST /plugins/bulwark/set": denied},
			`{"authorization-plugins": ["bulwark"]}`,
			[]string{
				"warn engine: the engine at SOCKET does not say what it is: asking the engine about itself: no (HTTP 403)",
				"fail plugin: looking for plugin bulwark: plugin bulwark:latest failed with error: no answer (HTTP 500) -> " + engineLog,
				"ok requests: the engine asks bulwark about every request, as FILE says",
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			socket, file := listen(t, test.engine), filepath.Join(t.TempDir(), "daemon.json")
			if test.daemonJSON != "" {
				if err := os.WriteFile(file, []byte(test.daemonJSON), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			checks, err := Examine(t.Context(), Options{
				Engine: "unix://" + socket, DaemonConfig: file, Plugin: "bulwark", DefaultConfig: t.TempDir(),
			})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, lines(checks, socket, "SOCKET", file, "FILE")[:len(test.want)]); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestWhereThePluginIs: the engine tells its socket and its folder.
func TestWhereThePluginIs(t *testing.T) {
	managed := &engine.Plugin{ID: "abc"}
	managed.Settings.Env = []string{"BULWARK_CONFIG=/srv/bulwark"}
	for name, test := range map[string]struct {
		e              examination
		socket, config string
	}{
		"nothing is known": {examination{}, "", "/default"},
		"managed":          {examination{managed: managed}, "/run/docker/plugins/abc/bulwark.sock", "/srv/bulwark"},
		"elsewhere": {examination{managed: managed, process: engine.Process{Args: []string{"dockerd", "--exec-root", "/x"}}},
			"/x/plugins/abc/bulwark.sock", "/srv/bulwark"},
		"it says so itself": {examination{managed: managed, status: &plugin.Status{About: plugin.About{Config: "/own"}}},
			"/run/docker/plugins/abc/bulwark.sock", "/own"},
		"told": {examination{managed: managed, Options: Options{Socket: "/s.sock", Config: "/told"}}, "/s.sock", "/told"},
	} {
		test.e.DefaultConfig = "/default"
		if socket, config := test.e.socket(), test.e.config(); socket != test.socket || config != test.config {
			t.Errorf("%s: got %s, %s; want %s, %s", name, socket, config, test.socket, test.config)
		}
	}
}

// TestPlugin asks a real plugin, whose policy is broken from the start.
func TestPlugin(t *testing.T) {
	dir, socket := t.TempDir(), filepath.Join(t.TempDir(), "b.sock")
	if err := os.WriteFile(filepath.Join(dir, "settings.yaml"), []byte("mod: audit\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	log := decisionlog.Open(io.Discard, logrus.InfoLevel, "")
	defer log.Close()
	authorizer := plugin.New(log, nil)
	authorizer.Describe(plugin.About{Version: "v1", Config: dir})
	_, broken := policy.Load(dir)
	authorizer.Adopt(policy.Loaded{Err: broken})
	listener, err := plugin.Listen(t.Context(), socket)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- plugin.Serve(ctx, listener, authorizer) }()

	checks, err := Examine(t.Context(), Options{Engine: "unix:///does/not/exist.sock", Plugin: "bulwark", Socket: socket})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"warn engine: no engine answers at /does/not/exist.sock, so whether one asks Bulwark is not known: asking the engine about itself: calling the engine at /does/not/exist.sock: " +
			`Get "http://engine/info": dial unix /does/not/exist.sock: connect: no such file or directory -> start the engine, or name its address with --engine`,
		"ok answers: Bulwark v1 answers: 0 allowed, 0 denied, 0 refused since NOW",
		"fail policy: there is no policy, so every request is refused -> mend what is in DIR; it is read again at once",
		"fail settings: " + strings.ReplaceAll(broken.Error(), dir, "DIR") + " -> mend it; the text says where",
		"ok log: every decision was written to the standard output",
		"warn look-ups: look-ups are turned off: what only a look-up could clear is denied -> set BULWARK_ENGINE to the engine's socket",
		"warn confinement: this kernel has no Landlock: what keeps the plugin from writing is that it has no capabilities and sees the host read-only" +
			" -> a kernel from 5.13 on, with landlock among its security modules, has it",
	}
	started := authorizerStarted(t, socket)
	if diff := cmp.Diff(want, lines(checks, dir, "DIR", started, "NOW")); diff != "" {
		t.Error(diff)
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func authorizerStarted(t *testing.T, socket string) string {
	t.Helper()
	status, err := ask(t.Context(), socket)
	if err != nil {
		t.Fatal(err)
	}
	return moment(status.Started)
}

// TestStates gives each check each state of the plugin.
func TestStates(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	inForce := plugin.PolicyStatus{Loaded: at, Hash: "1", Profile: "baseline", Mode: "enforce", Rules: 70}
	with := func(change func(*plugin.PolicyStatus)) plugin.PolicyStatus {
		p := inForce
		change(&p)
		return p
	}
	status := func(change func(*plugin.Status)) *plugin.Status {
		s := &plugin.Status{About: plugin.About{Config: "/c", LogFile: "/l"}, Started: at, Policy: inForce}
		change(s)
		return s
	}
	log := func(e *examination) { e.checkLog() }
	lookups := func(e *examination) { e.checkLookups() }
	confinement := func(e *examination) { e.checkConfinement() }
	judged := func(e *examination) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel() // the plugin has had its time
		e.checkPolicy(ctx)
	}
	for want, test := range map[string]struct {
		check  func(*examination)
		status *plugin.Status
	}{
		"ok policy: the policy of /c is in force since 2026-01-02T03:04:05Z: profile baseline, mode enforce, 70 rules": {
			judged, status(func(*plugin.Status) {})},
		"warn policy: the policy of /c is in force, and denies nothing: profile baseline, mode audit, 70 rules -> when the log shows no more denials that it should not, take mode: audit out of settings.yaml": {
			judged, status(func(s *plugin.Status) { s.Policy = with(func(p *plugin.PolicyStatus) { p.Mode = "audit" }) })},
		"fail policy: what is in /c is broken since 2026-01-02T03:04:05Z, and the policy of 2026-01-02T03:04:05Z stays in force: oops -> mend what is in /c; it is read again at once": {
			judged, status(func(s *plugin.Status) {
				s.Policy = with(func(p *plugin.PolicyStatus) { p.Error, p.ErrorSince = "oops", at })
			})},
		"fail policy: the policy in force, of 2026-01-02T03:04:05Z, is not what is in /c -> see whether the plugin's settings host.source and BULWARK_CONFIG lead to this folder": {
			judged, status(func(s *plugin.Status) { s.Policy = with(func(p *plugin.PolicyStatus) { p.Hash = "2" }) })},
		"fail policy: there is no policy, so every request is refused: oops -> mend what is in /c; it is read again at once": {
			judged, status(func(s *plugin.Status) { s.Policy = plugin.PolicyStatus{Error: "oops"} })},

		"ok log: every decision was written to /l": {log, status(func(*plugin.Status) {})},
		"warn log: 1 lines of /l and 2 of the engine's log are missing since 2026-01-02T03:04:05Z -> see whether the disk was full, or whatever reads the log too slow": {
			log, status(func(s *plugin.Status) { s.Log = plugin.LogStatus{FileLost: 1, StdoutLost: 2} })},
		"fail log: /l cannot be written, and 3 of its lines are missing: disk full -> free space on its disk, or install again with log.source=DIR; until then decisions are in the engine's log only": {
			log, status(func(s *plugin.Status) { s.Log = plugin.LogStatus{FileLost: 3, FileError: "disk full"} })},

		"ok look-ups: the engine answers look-ups: 1 found, 2 missing, 3 failed since 2026-01-02T03:04:05Z": {lookups, status(func(s *plugin.Status) {
			s.Lookups.Enabled, s.Lookups.Found, s.Lookups.Missing, s.Lookups.Failed = true, 1, 2, 3
		})},
		"fail look-ups: the engine does not answer look-ups, so what needs one is denied: oops -> see whether BULWARK_ENGINE of the plugin is the engine's socket, as the host sees it": {
			lookups, status(func(s *plugin.Status) { s.Lookups.Enabled, s.Lookups.Error = true, "oops" })},

		"ok confinement: Landlock (version 4) keeps the plugin from writing anything but its log and its socket": {
			confinement, status(func(s *plugin.Status) { s.Landlock = 4 })},
	} {
		e := &examination{status: test.status, hash: "1"}
		test.check(e)
		if diff := cmp.Diff([]string{want}, lines(e.checks)); diff != "" {
			t.Error(diff)
		}
	}
}

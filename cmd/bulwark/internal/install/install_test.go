package install_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bulwark-authz/bulwark/cmd/bulwark/internal/hint"
	"github.com/bulwark-authz/bulwark/cmd/bulwark/internal/install"
)

const (
	before = "{\n    \"debug\":  false }"
	after  = "{\n    \"debug\":  false,\n    \"authorization-plugins\": [\"bulwark\"] }"
)

// options stages a plugin that behaves as told: good, dead (does not start), silent (does not answer),
// soft (allows everything) or harsh (denies every container).
func (f *fakeEngine) options(behaves string, settings ...string) install.Options {
	f.t.Helper()
	dir := f.t.TempDir()
	write(f.t, filepath.Join(dir, "rootfs", "bulwark"), behaves)
	write(f.t, filepath.Join(dir, "config.json"), `{"env": [{"name": "BULWARK_ENGINE", "value": "/run/docker.sock"}, {"name": "BULWARK_CONFIG", "value": "/nonexistent"}]}`)
	return install.Options{
		Engine: f.address(), DaemonConfig: f.daemonJSON(), Plugin: "bulwark", PluginDir: dir, Settings: settings,
		Out: f.t.Output(),
	}
}

func (f *fakeEngine) install(behaves string, settings ...string) {
	f.t.Helper()
	if err := install.Install(f.t.Context(), f.options(behaves, settings...)); err != nil {
		f.t.Fatal(err)
	}
}

// state is everything that a failed installation must leave as it found it.
func (f *fakeEngine) state() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	plugin := "none"
	if f.plugin != nil {
		plugin = fmt.Sprintf("%s enabled=%t %q", f.plugin.behaves, f.plugin.Enabled, f.plugin.Settings.Env)
	}
	doc, _ := os.ReadFile(f.daemonJSON())
	backup, _ := os.ReadFile(f.daemonJSON() + ".bulwark-backup")
	return fmt.Sprintf("plugin %s, asked %t, %d images, %d containers, daemon.json %q, backup %q",
		plugin, f.asked, f.images, f.containers, doc, backup)
}

func TestInstallAndUninstall(t *testing.T) {
	f := newFakeEngine(t)
	write(t, f.daemonJSON(), before)
	f.install("good")
	socket := filepath.Join(f.dir, "docker.sock")
	want := fmt.Sprintf("plugin good enabled=true [\"BULWARK_ENGINE=%s\"], asked true, 0 images, 0 containers, daemon.json %q, backup %q", socket, after, before)
	if got := f.state(); got != want {
		t.Errorf("after install:\ngot  %s\nwant %s", got, want)
	}
	if err := install.Uninstall(t.Context(), f.options("good")); err != nil {
		t.Fatal(err)
	}
	want = fmt.Sprintf("plugin none, asked false, 0 images, 0 containers, daemon.json %q, backup \"\"", before)
	if got := f.state(); got != want {
		t.Errorf("after uninstall:\ngot  %s\nwant %s", got, want)
	}
	if err := install.Uninstall(t.Context(), f.options("good")); err != nil {
		t.Errorf("uninstall of nothing: %v", err)
	}
}

// TestInstallMakesAndRemovesDaemonJSON: where there was no daemon.json there is none again afterwards.
func TestInstallMakesAndRemovesDaemonJSON(t *testing.T) {
	f := newFakeEngine(t)
	f.install("good")
	if doc, err := os.ReadFile(f.daemonJSON()); err != nil || !bytes.Contains(doc, []byte(`["bulwark"]`)) {
		t.Errorf("daemon.json after install: %q, %v", doc, err)
	}
	if err := install.Uninstall(t.Context(), f.options("good")); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(f.daemonJSON()); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("daemon.json after uninstall: %v, want none", err)
	}
}

var failures = []struct{ behaves, want string }{
	{"dead", "enabling plugin bulwark: no such socket (HTTP 500)"},
	{"soft", "verifying the installed plugin: a privileged container was allowed"},
	{"harsh", "verifying the installed plugin: a harmless container does not run: creating a container from bulwark-install-check: authorization denied by plugin bulwark:latest: root_user: no (HTTP 403)"},
}

func TestFailedInstallPutsEverythingBack(t *testing.T) {
	for _, c := range failures {
		t.Run(c.behaves, func(t *testing.T) {
			f := newFakeEngine(t)
			write(t, f.daemonJSON(), before)
			f.expectFailure(c.behaves, c.want)
		})
	}
}

func TestFailedReplacementKeepsTheInstalledPlugin(t *testing.T) {
	for _, c := range failures {
		t.Run(c.behaves, func(t *testing.T) {
			f := newFakeEngine(t)
			write(t, f.daemonJSON(), before)
			f.install("good", "BULWARK_CONFIG=/srv/none")
			f.expectFailure(c.behaves, c.want)
		})
	}
}

func (f *fakeEngine) expectFailure(behaves, want string) {
	f.t.Helper()
	found := f.state()
	err := install.Install(f.t.Context(), f.options(behaves))
	if err == nil || err.Error() != want {
		f.t.Errorf("got error %v, want %s", err, want)
	}
	if hint.Of(err) == "" {
		f.t.Error("the error does not say what to do")
	}
	if got := f.state(); got != found {
		f.t.Errorf("not everything was put back:\ngot  %s\nwant %s", got, found)
	}
}

// cancelAt ends a context once a line with the text was written.
type cancelAt struct {
	text   string
	cancel context.CancelCauseFunc
}

func (c cancelAt) Write(line []byte) (int, error) {
	if bytes.Contains(line, []byte(c.text)) {
		c.cancel(errors.New("interrupted"))
	}
	return len(line), nil
}

func TestInterruptedInstallPutsEverythingBack(t *testing.T) {
	for _, step := range []string{"found:", "removed:", "created:", "enabled:", "activated:"} {
		t.Run(step, func(t *testing.T) {
			f := newFakeEngine(t)
			write(t, f.daemonJSON(), before)
			f.install("good")
			found := f.state()
			ctx, cancel := context.WithCancelCause(t.Context())
			options := f.options("soft")
			options.Out = cancelAt{step, cancel}
			if err := install.Install(ctx, options); err == nil || err.Error() != "interrupted" {
				t.Errorf("got error %v, want interrupted", err)
			}
			if got := f.state(); got != found {
				t.Errorf("not everything was put back:\ngot  %s\nwant %s", got, found)
			}
		})
	}
}

// TestReplace: the new plugin keeps the old one's settings, and one that answers no more can be replaced.
func TestReplace(t *testing.T) {
	f := newFakeEngine(t)
	f.install("good", "BULWARK_CONFIG=/srv/kept", "BULWARK_ENGINE=none")
	f.mu.Lock()
	f.plugin.behaves = "silent"
	f.mu.Unlock()
	f.install("good")
	if got, want := f.state(), `plugin good enabled=true ["BULWARK_ENGINE=none" "BULWARK_CONFIG=/srv/kept"], asked true,`; !strings.HasPrefix(got, want) {
		t.Errorf("got  %s\nwant %s...", got, want)
	}
}

// TestSiteSettings: where a site has settings of its own, those decide what the check containers may do.
func TestSiteSettings(t *testing.T) {
	for _, behaves := range []string{"soft", "harsh"} {
		f := newFakeEngine(t)
		site := t.TempDir()
		write(t, filepath.Join(site, "settings.yaml"), "mode: audit\n")
		f.install(behaves, "BULWARK_CONFIG="+site)
	}
}

// TestBrokenSettings: nothing is installed that would refuse every request.
func TestBrokenSettings(t *testing.T) {
	f := newFakeEngine(t)
	f.install("good")
	found := f.state()
	site := t.TempDir()
	write(t, filepath.Join(site, "settings.yaml"), "profil: baseline\n")
	err := install.Install(t.Context(), f.options("good", "BULWARK_CONFIG="+site))
	if err == nil || !strings.Contains(err.Error(), `unknown key "profil"`) || hint.Of(err) == "" {
		t.Errorf("got error %v with hint %q", err, hint.Of(err))
	}
	if got := f.state(); got != found {
		t.Errorf("something was changed:\ngot  %s\nwant %s", got, found)
	}
}

func TestRefusals(t *testing.T) {
	cases := []struct{ name, doc, want string }{
		{"a listed plugin that the engine lacks", `{"authorization-plugins": ["ghost"]}`, `lists the authorization plugin "ghost", which the engine does not have`},
		{"broken daemon.json", `{"debug": `, "reading JSON: unexpected end of JSON input"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			f := newFakeEngine(t)
			write(t, f.daemonJSON(), c.doc)
			found := f.state()
			for name, verb := range map[string]func(context.Context, install.Options) error{"install": install.Install, "uninstall": install.Uninstall} {
				if err := verb(t.Context(), f.options("good")); err == nil || !strings.Contains(err.Error(), c.want) {
					t.Errorf("%s: got error %v, want %s", name, err, c.want)
				}
			}
			if got := f.state(); got != found {
				t.Errorf("something was changed:\ngot  %s\nwant %s", got, found)
			}
		})
	}
}

// TestUninstallStopped: an engine that does not start because of Bulwark can be helped.
func TestUninstallStopped(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "daemon.json")
	write(t, file, after)
	options := install.Options{Engine: "unix://" + dir + "/none.sock", DaemonConfig: file, Plugin: "bulwark", Out: t.Output()}
	err := install.Uninstall(t.Context(), options)
	if err == nil || hint.Of(err) != "start the engine and run bulwark uninstall again" {
		t.Errorf("got error %v with hint %q", err, hint.Of(err))
	}
	if doc, _ := os.ReadFile(file); string(doc) != before {
		t.Errorf("daemon.json: got %q, want %q", doc, before)
	}
}

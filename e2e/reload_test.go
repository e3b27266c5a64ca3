//go:build e2e

package e2e

import (
	"fmt"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

const settings = "/etc/bulwark/settings.yaml"

// TestReload changes the host's settings under an installed plugin, as an administrator does, and asks
// bulwark doctor what it makes of that.
func TestReload(t *testing.T) {
	eachEngine(t, func(t *testing.T, e engine) {
		d := startDaemon(t, e)
		d.importImages(t)
		d.protect(t)
		d.awaitRoot(t, false)
		d.checkDoctor(t, 0, `ok    policy: the policy of /etc/bulwark is in force since .*: profile baseline, mode enforce`,
			`ok    engine: Docker Engine `, `ok    plugin: the plugin bulwark is enabled`,
			`ok    requests: the engine asks bulwark about every request, as /etc/docker/daemon.json says`,
			`ok    answers: Bulwark .* answers: `, `ok    settings: what is in /etc/bulwark is valid`,
			`ok    log: every decision was written to /var/log/bulwark/decisions.jsonl`,
			`ok    look-ups: the engine answers look-ups: `)

		d.write(t, settings, "rules: {root_user: {enforcement: off}}\n")
		d.awaitRoot(t, true)

		d.write(t, settings, "rules: {root_user: {enforcement: of}}\n")
		d.checkDoctor(t, 1, `fail  policy: what is in /etc/bulwark is broken since .*, and the policy of .* stays in force`,
			`fail  settings: .*/etc/bulwark/settings.yaml:1:34: `)
		d.awaitRoot(t, true)

		d.write(t, "/etc/bulwark/.settings.yaml.new", "mode: enforce\n")
		d.run(t, "mv", "/etc/bulwark/.settings.yaml.new", settings)
		d.awaitRoot(t, false)
		d.checkDoctor(t, 0, `ok    policy: `)

		d.write(t, settings, "mode: audit\n")
		d.awaitRoot(t, true)
		d.run(t, "rm", settings)
		d.awaitRoot(t, false)
		d.checkEnforcing(t)
	})
}

// awaitRoot waits until a container that runs as root may be made, or may not. It asks with one request
// each time: of the several of a docker run, a change can fall in between.
func (d *daemon) awaitRoot(t *testing.T, want bool) {
	t.Helper()
	started := time.Now()
	create := request{
		method: "POST", uri: "/v1.41/containers/create", headers: typedJSON,
		body: `{"Image": "busybox", "Cmd": ["true"], "User": "root", "HostConfig": {"NetworkMode": "none"}}`,
	}
	eventually(t, func() error {
		got, err := d.send(create)
		switch denied := strings.Contains(got.body, " root_user: "); {
		case err != nil:
			return err
		case got.status != http.StatusCreated && !denied:
			t.Fatalf("neither allowed nor denied: %d %s", got.status, got.body)
		case denied == want:
			return fmt.Errorf("the settings are not in force: %d %s", got.status, got.body)
		}
		return nil
	})
	t.Logf("in force after %s", time.Since(started).Round(time.Millisecond))
}

// checkDoctor runs bulwark doctor with its defaults, and looks for lines of what it says.
func (d *daemon) checkDoctor(t *testing.T, code int, lines ...string) {
	t.Helper()
	got := d.run(t, filepath.Join(pluginDir(t), "rootfs/bulwark"), "doctor")
	if got.code != code {
		t.Errorf("bulwark doctor: want exit code %d, got %s", code, got)
	}
	for _, line := range lines {
		if !regexp.MustCompile(`(?m)^` + line).MatchString(got.stdout) {
			t.Errorf("bulwark doctor does not say %s: %s", line, got)
		}
	}
}

//go:build e2e

package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// protect puts the built plugin into the engine: from here on every request is judged.
func (d *daemon) protect(t *testing.T) {
	t.Helper()
	d.mustDocker(t, "plugin", "create", "bulwark", pluginDir(t))
	d.mustDocker(t, "plugin", "enable", "bulwark")
	d.reload(t, `{"authorization-plugins": ["bulwark"]}`)
	d.awaitProtection(t, true)
}

// reload writes daemon.json and makes the engine read it.
func (d *daemon) reload(t *testing.T, config string) {
	t.Helper()
	d.write(t, daemonConfig, config)
	d.signal(t, "HUP")
}

// awaitProtection waits until the engine asks the plugin about requests, or no longer does. A locked rule,
// which even audit mode enforces, denies this request; an engine that does not ask answers that an enabled
// plugin cannot be set, or that there is none.
func (d *daemon) awaitProtection(t *testing.T, want bool) {
	t.Helper()
	set := request{method: "POST", uri: "/plugins/bulwark/set", headers: typedJSON, body: "[]"}
	eventually(t, func() error {
		got, err := d.send(set)
		if err == nil && (got.status == http.StatusForbidden) != want {
			return fmt.Errorf("protected: want %t, got %d %s", want, got.status, got.body)
		}
		return err
	})
}

// pluginPID is the pid of the plugin's process on the host, "" when there is none.
func (d *daemon) pluginPID(t *testing.T) string {
	t.Helper()
	return strings.TrimSpace(d.run(t, "busybox", "pidof", "bulwark").stdout)
}

// containers lists the ids of all containers, through the plugin.
func (d *daemon) containers(t *testing.T) []string {
	t.Helper()
	return strings.Fields(d.mustDocker(t, "ps", "--all", "--quiet"))
}

//go:build e2e

package e2e

import (
	"net/http"
	"strings"
	"testing"
)

// testSelfProtection tries to take the plugin away under every name that the engine knows it by.
func testSelfProtection(t *testing.T, d *daemon) {
	id := d.mustDocker(t, "plugin", "inspect", "--format", "{{.ID}}", "bulwark")
	names := []string{"bulwark", "bulwark:latest", "bulw%61rk", "docker.io/library/bulwark:latest", id, id[:12], id[:3]}
	for _, name := range names {
		for _, r := range []request{
			{method: "POST", uri: "/v1.41/plugins/" + name + "/disable"},
			{method: "POST", uri: "/v1.41/plugins/" + name + "/disable?force=1"},
			{method: "DELETE", uri: "/v1.41/plugins/" + name},
			{method: "DELETE", uri: "/v1.41/plugins/" + name + "?force=1"},
			{method: "POST", uri: "/v1.41/plugins/" + name + "/set", headers: typedJSON, body: `["BULWARK_CONFIG=/tmp"]`},
			{method: "POST", uri: "/v1.41/plugins/" + name + "/upgrade?remote=evil.example/bulwark", headers: typedJSON, body: `[]`},
		} {
			got, err := d.send(r)
			if err != nil || got.status != http.StatusForbidden || !strings.Contains(got.body, "self_protection: ") {
				t.Errorf("%s %s: want a denial by self_protection, got %d %s, %v", r.method, r.uri, got.status, got.body, err)
			}
		}
	}
	for _, args := range [][]string{{"disable", "--force", "bulwark"}, {"rm", "--force", "bulwark"}, {"set", "bulwark", "BULWARK_CONFIG=/tmp"}} {
		if got := d.docker(t, append([]string{"plugin"}, args...)...); got.code == 0 || !strings.Contains(got.stderr, "self_protection: ") {
			t.Errorf("docker plugin %q: want a denial by self_protection, got %s", args, got)
		}
	}
	if enabled := d.mustDocker(t, "plugin", "inspect", "--format", "{{.Enabled}}", "bulwark"); enabled != "true" {
		t.Errorf("the plugin is no longer enabled")
	}
	d.checkEnforcing(t)
}

// testWayOut is how root on the host takes the plugin out: by daemon.json, which no request can change.
func testWayOut(t *testing.T, d *daemon) {
	d.reload(t, `{}`)
	d.awaitProtection(t, false)
	d.mustDocker(t, "plugin", "disable", "bulwark")
	d.mustDocker(t, "plugin", "rm", "bulwark")
	if got := d.docker(t, harmless("--user", "root", "busybox", "true")...); got.code != 0 {
		t.Errorf("without the plugin the engine still denies: %s", got)
	}
	d.protect(t)
	d.checkEnforcing(t)
}

// checkEnforcing checks that a harmless container runs and a privileged one does not.
func (d *daemon) checkEnforcing(t *testing.T) {
	t.Helper()
	if got := d.docker(t, harmless("busybox", "true")...); got.code != 0 {
		t.Errorf("an ordinary container does not run: %s", got)
	}
	if got := d.docker(t, harmless("--privileged", "busybox", "true")...); !strings.Contains(got.stderr, " privileged: ") {
		t.Errorf("a privileged container is not denied: %s", got)
	}
}

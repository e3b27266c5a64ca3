//go:build e2e

package e2e

import (
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// testRestart restarts the engine as an administrator and as a fault does. It must come back enforcing.
func testRestart(t *testing.T, d *daemon) {
	d.stop(t)
	d.start(t)
	d.checkEnforcing(t)
	d.crash(t)
	d.start(t)
	d.checkEnforcing(t)
}

// testKilled kills the plugin's process. The engine starts it again, and nothing is allowed meanwhile.
func testKilled(t *testing.T, d *daemon) {
	before := d.pluginPID(t)
	d.run(t, "kill", "-KILL", before)
	d.checkNothingPrivileged(t)
	if after := d.pluginPID(t); after == "" || after == before {
		t.Errorf("the plugin ran as %s and now as %q: the engine has not started it again", before, after)
	}
	d.checkEnforcing(t)
}

// testFrozen stops the plugin's process: it is there and does not answer. The engine waits; once it has
// been restarted since the plugin was enabled, it waits without end.
func testFrozen(t *testing.T, d *daemon) {
	pid := d.pluginPID(t)
	d.run(t, "kill", "-STOP", pid)
	d.checkAllRefused(t, 3*time.Second)
	d.run(t, "kill", "-CONT", pid)
	d.checkEnforcing(t)
}

// testBroken takes the plugin's program away, so that the engine cannot start it again, not even when the
// engine itself starts again. With the program back, a restart of the engine mends everything.
func testBroken(t *testing.T, d *daemon) {
	programs, err := filepath.Glob(d.file("/var/lib/docker/plugins/*/rootfs/bulwark"))
	if err != nil || len(programs) != 1 {
		t.Fatalf("the plugin's program: got %q, %v", programs, err)
	}
	if err := os.Rename(programs[0], programs[0]+".away"); err != nil {
		t.Fatal(err)
	}
	d.run(t, "kill", "-KILL", d.pluginPID(t))
	d.checkAllRefused(t, sendTimeout)
	d.stop(t)
	d.start(t)
	d.checkAllRefused(t, sendTimeout)

	if err := os.Rename(programs[0]+".away", programs[0]); err != nil {
		t.Fatal(err)
	}
	d.stop(t)
	d.start(t)
	d.checkEnforcing(t)
}

// privilegedCreate asks for a privileged container: created it would be 201.
func privilegedCreate() request {
	return request{
		method: "POST", uri: "/v1.41/containers/create",
		headers: typedJSON,
		body:    `{"Image": "busybox", "Cmd": ["true"], "User": "1000", "HostConfig": {"Privileged": true, "NetworkMode": "none"}}`,
	}
}

// checkNothingPrivileged asks for privileged containers until a plugin answers, and wants none created.
func (d *daemon) checkNothingPrivileged(t *testing.T) {
	t.Helper()
	eventually(t, func() error {
		got, err := d.send(privilegedCreate())
		switch {
		case err != nil:
			return err
		case got.status < http.StatusBadRequest:
			t.Fatalf("a privileged container was created while the plugin was away: %d %s", got.status, got.body)
		case got.status != http.StatusForbidden:
			return errors.New(got.body)
		}
		return nil
	})
}

// checkAllRefused sends what is harmless and what is not, at once, and waits for answers. While no plugin
// answers, the engine must refuse each, drop it, or say nothing.
func (d *daemon) checkAllRefused(t *testing.T, patience time.Duration) {
	t.Helper()
	var sent sync.WaitGroup
	for _, r := range []request{{method: "GET", uri: "/v1.41/containers/json"}, {method: "HEAD", uri: "/_ping"}, privilegedCreate()} {
		sent.Go(func() {
			if got, err := d.sendWithin(patience, r); err == nil && got.status < http.StatusBadRequest {
				t.Errorf("no plugin answers, yet the engine answers %s %s with %d %s", r.method, r.uri, got.status, got.body)
			}
		})
	}
	sent.Wait()
}

//go:build e2e

package e2e

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// testCompose brings a project of three services up, uses it, and takes it down.
func testCompose(t *testing.T, d *daemon) {
	file, err := filepath.Abs("testdata/compose.yaml")
	if err != nil {
		t.Fatal(err)
	}
	compose := func(args ...string) string {
		t.Helper()
		return d.mustDocker(t, append([]string{"compose", "--progress", "plain", "--file", file}, args...)...)
	}
	before := d.objects(t)
	compose("up", "--detach", "--wait")
	running := strings.Fields(compose("ps", "--services", "--status", "running"))
	if slices.Sort(running); !slices.Equal(running, []string{"api", "db", "web"}) {
		t.Errorf("services that run: %q", running)
	}
	if got := compose("logs", "--no-log-prefix", "api"); got != "42" {
		t.Errorf("the api read %q from the database, not 42", got)
	}
	if got := compose("exec", "-T", "--user", "1000", "db", "ls", "-d", "/var/lib/data"); got != "/var/lib/data" {
		t.Errorf("exec printed %q", got)
	}
	compose("restart", "--timeout", "0", "web")
	compose("up", "--detach", "--wait", "--scale", "web=1", "--force-recreate")
	compose("down", "--volumes", "--timeout", "0")
	if after := d.objects(t); after != before {
		t.Errorf("left behind: before %q, after %q", before, after)
	}
}

// objects lists the names of all containers, networks and volumes.
func (d *daemon) objects(t *testing.T) string {
	t.Helper()
	return strings.Join([]string{
		d.mustDocker(t, "ps", "--all", "--format", "{{.Names}}"),
		d.mustDocker(t, "network", "ls", "--format", "{{.Name}}"),
		d.mustDocker(t, "volume", "ls", "--format", "{{.Name}}"),
	}, "\n")
}

//go:build e2e

package e2e

import (
	"slices"
	"strings"
	"testing"
)

// testCommandLine is an ordinary day with the docker command line. Every command must succeed and print
// what it prints without the plugin; the next ones build on it.
func testCommandLine(t *testing.T, d *daemon) {
	steps := []struct {
		args  string
		wants string // part of what it prints
	}{
		{"version", "Server"},
		{"info", "Server Version"},
		{"images --quiet busybox", ""},
		{"image inspect --format {{.Os}} busybox", "linux"},
		{"image history busybox", "Imported"},
		{"network create --internal --label team=web backend", ""},
		{"volume create --label team=web data", "data"},
		{"create --name web --user 1000 --network backend -v data:/data --restart unless-stopped busybox sh -c `echo up; sleep 600`", ""},
		{"start web", "web"},
		{"ps --filter name=web --format {{.Names}}", "web"},
		{"inspect --format {{.State.Running}} web", "true"},
		{"exec --user 1000 web id", "uid=1000(app)"},
		{"exec --user 1000:1000 --env A=b --workdir /tmp web sh -c `echo $A $PWD`", "b /tmp"},
		{"cp web:/etc/passwd -", "app:x:1000"},
		{"top web", "sleep 600"},
		{"stats --no-stream --format {{.Name}} web", "web"},
		{"diff web", ""},
		{"port web", ""},
		{"pause web", "web"},
		{"unpause web", "web"},
		{"restart --time 0 web", "web"},
		{"network inspect --format {{.Internal}} backend", "true"},
		{"network create frontend", ""},
		{"network connect --alias www frontend web", ""},
		{"network disconnect frontend web", ""},
		{"logs --timestamps web", "up"},
		{"stop --time 0 web", "web"},
		{"wait web", "137"},
		{"rm web", "web"},
		{"network rm backend frontend", "backend"},
		{"volume rm data", "data"},
		{"system df", "Images"},
		{"events --since 1m --until 0s", "container"},
	}
	for _, step := range steps {
		args := commandLine(step.args)
		if got := d.docker(t, args...); got.code != 0 || !strings.Contains(got.stdout, step.wants) {
			t.Fatalf("docker %q: want %q: %s", args, step.wants, got)
		}
	}
}

// testAttach runs a container in the foreground with its input, and attaches to a running one.
func testAttach(t *testing.T, d *daemon) {
	run := append([]string{"docker"}, harmless("--interactive", "busybox", "cat")...)
	if got := d.runWith(t, "to the container", run...); got.code != 0 || got.stdout != "to the container" {
		t.Errorf("docker %q: %s", run, got)
	}
	d.mustDocker(t, "run", "--detach", "--name", "clock", "--user", "1000", "--network", "none", "busybox", "sh", "-c", "sleep 2; echo tick")
	if got := d.docker(t, "attach", "--no-stdin", "clock"); got.code != 0 || got.stdout != "tick\n" {
		t.Errorf("attach: %s", got)
	}
	d.mustDocker(t, "rm", "clock")
}

// commandLine splits a line at its blanks; what stands between backquotes is one argument.
func commandLine(line string) []string {
	var args []string
	for i, part := range strings.Split(line, "`") {
		if i%2 == 1 {
			args = append(args, part)
		} else {
			args = slices.Concat(args, strings.Fields(part))
		}
	}
	return args
}

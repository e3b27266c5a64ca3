//go:build e2e

package e2e

import (
	"slices"
	"strings"
	"testing"
)

// harmless is a docker run that every default rule lets pass; what follows it is its image and command,
// or what a case adds to it.
func harmless(more ...string) []string {
	return append([]string{"run", "--rm", "--user", "1000", "--network", "none"}, more...)
}

func testAllows(t *testing.T, d *daemon) {
	got := d.docker(t, harmless("busybox", "id")...)
	if got.code != 0 || !strings.HasPrefix(got.stdout, "uid=1000(app) gid=1000") {
		t.Errorf("an ordinary container does not run: %s", got)
	}
}

// testDenies runs what is harmless but for one thing, and looks for what the user must read: the rule,
// the field, the value and what to do.
func testDenies(t *testing.T, d *daemon) {
	cases := []struct {
		rule  string
		args  []string
		words []string
	}{
		{"privileged", []string{"--privileged", "busybox"}, []string{"HostConfig.Privileged", "drop --privileged"}},
		{"root_user", []string{"--user", "root", "busybox"}, []string{"User is root", "use --user UID:GID"}},
		{"cap_add", []string{"--cap-add", "SYS_ADMIN", "busybox"}, []string{"HostConfig.CapAdd[0]", "leave --cap-add SYS_ADMIN out"}},
		{"host_binds", []string{"-v", "/etc:/x", "busybox"}, []string{"HostConfig.Binds[0]", "/etc of the host", "use a named volume"}},
		{"untrusted_registry", []string{"evil.example/app"}, []string{"evil.example/app", "docker.io/library"}},
		{"seccomp_disabled", []string{"--security-opt", "seccomp=unconfined", "busybox"}, []string{"HostConfig.SecurityOpt[0]", "unconfined"}},
	}
	for _, c := range cases {
		t.Run(c.rule, func(t *testing.T) {
			before := d.containers(t)
			got := d.docker(t, append(harmless(c.args...), "id")...)
			if got.code == 0 || got.stdout != "" {
				t.Errorf("docker %s ran: %s", c.args, got)
			}
			for _, words := range append(c.words, "authorization denied by plugin bulwark:latest: ", c.rule+": ", "(decision ") {
				if !strings.Contains(got.stderr, words) {
					t.Errorf("docker %s: the message lacks %q: %s", c.args, words, got.stderr)
				}
			}
			if after := d.containers(t); !slices.Equal(before, after) {
				t.Errorf("containers: before %q, after %q", before, after)
			}
		})
	}
}

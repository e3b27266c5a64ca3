//go:build e2e

package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestFactsOfContainers is about what only the engine knows of a container: who a name is in it, and what
// it gives those who join it.
func TestFactsOfContainers(t *testing.T) {
	eachEngine(t, func(t *testing.T, e engine) {
		d := startDaemon(t, e)
		d.importImages(t)
		d.makeNamedUsers(t)
		d.makeJoined(t)
		d.write(t, "/etc/bulwark/settings.yaml", "rules: {root_user: {params: {names: resolve}}}\n")
		d.protect(t)
		t.Run("user names", func(t *testing.T) { testUserNames(t, d) })
		t.Run("user names that cannot be told", func(t *testing.T) { testUntoldNames(t, d) })
		t.Run("joined", func(t *testing.T) { testJoined(t, d) })
		t.Run("cgroups", func(t *testing.T) { testHostCgroups(t, d) })
		t.Run("service of compose", func(t *testing.T) { testJoinedService(t, d) })
	})
}

// makeNamedUsers makes images whose user has a name: app is 1000, admin is root, boss is a second root.
func (d *daemon) makeNamedUsers(t *testing.T) {
	t.Helper()
	for name, change := range map[string][2]string{
		"named":   {"USER app", "true"},
		"rooted":  {"USER admin", "echo admin:x:0:0::/:/bin/sh >> /etc/passwd"},
		"shared":  {"USER app", "busybox chmod 666 /etc/passwd"},
		"linked":  {"USER app", "busybox ln -s /etc /linked"},
		"deleted": {"USER app", "busybox rm /etc/passwd"},
	} {
		d.mustDocker(t, "run", "--name", "make-"+name, "--network", "none", "busybox", "sh", "-c", change[1])
		d.mustDocker(t, "commit", "--change", change[0], "make-"+name, name)
		d.mustDocker(t, "rm", "make-"+name)
	}
	d.mustDocker(t, "volume", "create", "plain")
	d.mustDocker(t, "run", "--detach", "--name", "inside", "--user", "1000", "--network", "none", "rooted", "sleep", "600")
}

func testUserNames(t *testing.T, d *daemon) {
	for _, command := range []string{"run --rm --network none named id", "run --rm --network none --user app busybox id",
		"run --rm --network none --user app:1000 -v plain:/data/of/app busybox id", "exec --user app inside id"} {
		if got := d.docker(t, strings.Fields(command)...); got.code != 0 || !strings.HasPrefix(got.stdout, "uid=1000(app)") {
			t.Errorf("docker %s: %s", command, got)
		}
	}
	d.passes(t, "run --detach --name app --user app --network none busybox sleep 600")
	for _, command := range []string{"exec app id", "restart --time 0 app", "pause app", "unpause app"} {
		d.passes(t, command)
	}
	d.passes(t, "create --name admin --network none rooted id")
	d.fails(t, "start admin", "root_user: ", "User is admin, which is uid 0 in the container's /etc/passwd")
	d.passes(t, "create --name app-as-admin --user admin --network none rooted id")
	d.fails(t, "start app-as-admin", "root_user: ", "User is admin, which is uid 0 in the container's /etc/passwd")
	d.fails(t, "run --rm --network none --user root busybox id", "root_user: ", "User is root")
	d.fails(t, "exec --user admin inside id", "exec_root: ", "User is admin, which is uid 0 in the container's /etc/passwd")
	d.fails(t, "run --rm --network none --user app:staff busybox id", "supplementary_groups: ", "the group staff")
}

func testUntoldNames(t *testing.T, d *daemon) {
	d.fails(t, "exec --user nobody inside id", "exec_root: ", "/etc/passwd has no such user")
	for command, reason := range map[string]string{
		"--user nobody busybox":               "/etc/passwd has no such user",
		"deleted":                             "there is no /etc/passwd",
		"shared":                              "others than root may write to /etc/passwd",
		"-v plain:/etc named":                 "the mount at /etc covers /etc/passwd",
		"--tmpfs /etc named":                  "the mount at /etc covers /etc/passwd",
		"-v plain:/linked linked":             "/linked of the container is a link",
		"-v plain:/linked/deeper/down linked": "/linked of the container is a link",
	} {
		d.fails(t, "run --network none "+command+" id", "root_user: ", "what that is cannot be told: "+reason)
	}
}

// makeJoined makes containers to be joined, and one that names another one that is not there yet.
func (d *daemon) makeJoined(t *testing.T) {
	t.Helper()
	for _, args := range []string{
		"run --detach --name ordinary --user 1000 --network none -v /etc:/host:ro busybox sleep 600",
		"create --name mighty --privileged --network none busybox sleep 600",
		"create --name capable --cap-add SYS_ADMIN --network none busybox sleep 600",
		"create --name on-host --network host busybox sleep 600",
		"create --name chained --network container:ordinary busybox sleep 600",
		"create --name waiting --user 1000 --network container:later busybox true",
		"run --detach --name later --user 1000 --network none busybox sleep 600",
		"create --name old-joined --user 1000 --network container:mighty busybox true",
	} {
		d.mustDocker(t, strings.Fields(args)...)
	}
}

func testJoined(t *testing.T, d *daemon) {
	d.passes(t, "run --rm --user 1000 --network container:ordinary busybox true")
	d.passes(t, "create --name joined --user 1000 --network container:ordinary busybox true")
	for other, problem := range map[string]string{
		"mighty":  "which is privileged",
		"capable": "which has the added capability SYS_ADMIN",
		"on-host": "which shares the host's network namespace",
		"chained": "which shares that of yet another",
		"nobody":  "which does not exist",
	} {
		d.fails(t, "run --rm --user 1000 --network container:"+other+" busybox true", "joined_namespaces: ", problem)
	}
	for _, flags := range []string{"--pid container:ordinary --network none", "--ipc container:ordinary --network none"} {
		d.fails(t, "run --rm --user 1000 "+flags+" busybox true", "joined_namespaces: ", "would not be isolated")
	}
	d.fails(t, "start waiting", "joined_namespaces: ", "which has no more than a name")
	d.fails(t, "start old-joined", "joined_namespaces: ", "which is privileged")

	// The engine has stored an id, and names of the powerful stay.
	for _, name := range []string{"ordinary", "mighty"} {
		d.fails(t, "rename "+name+" elsewhere", "powerful_container: ")
	}
	d.passes(t, "start joined")
}

// testHostCgroups makes a container anew from what the engine says of it.
func testHostCgroups(t *testing.T, d *daemon) {
	const command = "run --rm --user 1000 --network none --cgroupns host busybox true"
	if _, err := os.Stat("/sys/fs/cgroup/devices/tasks"); err == nil {
		d.passes(t, command)
	} else {
		d.fails(t, command, "host_namespaces: ", "leave --cgroupns host out")
	}
}

func testJoinedService(t *testing.T, d *daemon) {
	file := filepath.Join(t.TempDir(), "compose.yaml")
	const project = `name: pair
services:
  web: {image: busybox, pull_policy: never, user: app, command: [sleep, "600"], stop_grace_period: 0s}
  side: {image: busybox, pull_policy: never, user: app, command: [sleep, "600"], stop_grace_period: 0s, network_mode: "service:web"}
`
	if err := os.WriteFile(file, []byte(project), 0o644); err != nil {
		t.Fatal(err)
	}
	compose := []string{"compose", "--progress", "plain", "--file", file}
	d.mustDocker(t, append(compose, "up", "--detach", "--wait")...)
	d.mustDocker(t, append(compose, "restart", "--timeout", "0")...)
	d.mustDocker(t, append(compose, "down", "--timeout", "0")...)
}

// TestNamesRefused is the default: names are refused before there is a container.
func TestNamesRefused(t *testing.T) {
	eachEngine(t, func(t *testing.T, e engine) {
		d := startDaemon(t, e)
		d.importImages(t)
		d.mustDocker(t, "run", "--detach", "--name", "inside", "--user", "1000", "--network", "none", "busybox", "sleep", "600")
		d.protect(t)
		before := d.containers(t)
		d.fails(t, "run --rm --network none --user app busybox id", "root_user: ", "User is app, and not a plain number")
		d.fails(t, "exec --user app inside id", "exec_root: ", "User is app, ")
		if after := d.containers(t); len(after) != len(before) {
			t.Errorf("containers: before %q, after %q", before, after)
		}
	})
}

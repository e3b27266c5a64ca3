//go:build e2e

package e2e

import (
	"fmt"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestFacts is about what a request does not say. Everything here is made before the plugin is there, as on
// a host that gets it late.
func TestFacts(t *testing.T) {
	eachEngine(t, func(t *testing.T, e engine) {
		d := startDaemon(t, e)
		d.importImages(t)
		d.makeOldObjects(t)
		d.write(t, "/etc/bulwark/settings.yaml", "rules: {host_binds: {params: {allowed: [{path: /var/log/data}]}}}\n")
		d.protect(t)
		t.Run("image user", func(t *testing.T) { testImageUser(t, d) })
		t.Run("image id", func(t *testing.T) { testImageID(t, d) })
		t.Run("old objects", func(t *testing.T) { testOldObjects(t, d) })
		t.Run("links", func(t *testing.T) { testLinks(t, d) })
		t.Run("races", func(t *testing.T) { testRaces(t, d) })
		t.Run("many at once", func(t *testing.T) { testManyAtOnce(t, d) })
	})
}

// makeOldObjects makes what no rule would let anybody make.
func (d *daemon) makeOldObjects(t *testing.T) {
	t.Helper()
	for name, change := range map[string]string{"numbered": "USER 1000", "named": "USER app", "rooted": "USER root"} {
		if got := d.runWith(t, busybox(t), "docker", "import", "--change", change, "-", name); got.code != 0 {
			t.Fatalf("importing %s: %s", name, got)
		}
	}
	for _, args := range []string{
		"volume create --opt type=none --opt o=bind --opt device=/etc disguised",
		"volume create plain",
		"create --name old-privileged --privileged --network none busybox sleep 600",
		"create --name old-bind --user 1000 -v /etc:/x --network none busybox sleep 600",
		"create --name old-fine --user 1000 -v plain:/x --network none busybox true",
		"create --name gone --user 1000 -v /etc:/x --network none busybox true",
		"create --name renamed --user 1000 -v disguised:/x --network none busybox true",
		"create --name old-from-gone --user 1000 --volumes-from gone --network none busybox true",
		"create --name old-from-renamed --user 1000 --volumes-from renamed --network none busybox true",
		"create --name old-from-fine --user 1000 --volumes-from old-fine --network none busybox true",
		"rm gone",
		"rename renamed another",
		"create --name renamed --user 1000 --network none busybox true",
		"run --detach --name with-volume --user 1000 -v disguised:/host --network none busybox sleep 600",
		"run --detach --name with-plain --user 1000 -v plain:/x --network none busybox sleep 600",
		"run --detach --name with-device --user 1000 --device /dev/kmsg --network none busybox sleep 600",
		"run --detach --name root-inside --network none busybox sleep 600",
		"run --detach --name powerful --user 1000 -v /etc:/host:ro --network none busybox sleep 600",
		"run --detach --name app-inside --user 1000 --network none busybox sleep 600",
	} {
		d.mustDocker(t, strings.Fields(args)...)
	}
	if err := os.MkdirAll(d.file("/var/log/data/plain"), 0o755); err != nil {
		t.Fatal(err)
	}
	for link, target := range map[string]string{"up": "/", "sock": "/run", "process": "/proc/self/cwd/var/log/data/plain"} {
		if err := os.Symlink(target, d.file("/var/log/data/"+link)); err != nil {
			t.Fatal(err)
		}
	}
}

// passes and fails run a docker command that must pass, or be denied with these words.
func (d *daemon) passes(t *testing.T, command string) {
	t.Helper()
	if got := d.docker(t, commandLine(command)...); got.code != 0 {
		t.Errorf("docker %s: %s", command, got)
	}
}

func (d *daemon) fails(t *testing.T, command string, words ...string) {
	t.Helper()
	got := d.docker(t, commandLine(command)...)
	for _, w := range append(words, "authorization denied") {
		if got.code == 0 || !strings.Contains(got.stderr, w) {
			t.Errorf("docker %s: want a denial with %q: %s", command, w, got)
		}
	}
}

func testImageUser(t *testing.T, d *daemon) {
	d.passes(t, "run --rm --network none numbered id")
	d.fails(t, "run --rm --network none busybox id", "root_user: ", "User is empty")
	d.fails(t, "run --rm --network none rooted id", "root_user: ", "the image's own user is root")
	// What is not there is the engine's to say, so that a client pulls it and asks again.
	if got := d.docker(t, "create", "--pull", "never", "--network", "none", "not-here"); !strings.Contains(got.stderr, "No such image") {
		t.Errorf("an image that is not there: %s", got)
	}
}

func testImageID(t *testing.T, d *daemon) {
	trusted := d.mustDocker(t, "image", "inspect", "--format", "{{.Id}}", "numbered")
	untrusted := d.mustDocker(t, "image", "inspect", "--format", "{{.Id}}", "evil.example/app")
	for _, id := range []string{trusted, trusted[len("sha256:"):], trusted[len("sha256:"):][:12]} {
		d.passes(t, "run --rm --user 1000 --network none "+id+" id")
	}
	for _, id := range []string{untrusted, untrusted[len("sha256:"):][:12]} {
		d.fails(t, "run --rm --user 1000 --network none "+id+" id", "untrusted_registry: ", "may be the id of any local image")
	}
}

func testOldObjects(t *testing.T, d *daemon) {
	d.passes(t, "run --rm --user 1000 --network none -v plain:/x -v new:/y busybox true")
	d.fails(t, "run --rm --user 1000 --network none -v disguised:/x busybox true", "volume_options: ", "/etc")
	d.passes(t, "run --rm --user 1000 --network none --volumes-from old-fine busybox true")
	d.fails(t, "run --rm --user 1000 --network none --volumes-from old-bind busybox true", "host_binds: ", "/etc")
	d.passes(t, "start old-fine")
	// The engine mounts what it stored, whoever has the other container's name now.
	d.fails(t, "start old-from-gone", "host_binds: ", "/etc")
	d.fails(t, "start old-from-renamed", "volume_options: ", "/etc")
	d.passes(t, "start old-from-fine")
	for _, command := range []string{"start old-privileged", "restart old-privileged"} {
		d.fails(t, command, "privileged: ", "root_user: ")
	}
	d.fails(t, "start old-bind", "host_binds: ", "/etc")
	d.passes(t, "exec app-inside id")
	d.fails(t, "exec root-inside id", "exec_root: ")
	d.passes(t, "exec --user 1000 root-inside id")
	for _, command := range []string{"exec powerful id", "exec --user 1000:42 powerful id", "cp powerful:/host/shadow -"} {
		d.fails(t, command, "powerful_container: ", "/etc of the host")
	}
	// The command line shows no more of a denied attach than its status.
	attach := request{method: "POST", uri: "/v1.41/containers/powerful/attach?stream=1&stdout=1", headers: upgradeTCP}
	if got, err := d.send(attach); err != nil || got.status != http.StatusForbidden || !strings.Contains(got.body, "powerful_container: ") {
		t.Errorf("attach: %d %s, %v", got.status, got.body, err)
	}
	d.passes(t, "cp app-inside:/etc/passwd -")
	for _, command := range []string{"exec with-volume id", "exec --user 1000:42 with-volume id", "cp with-volume:/host/shadow -"} {
		d.fails(t, command, "powerful_container: ", "has /etc of the host mounted")
	}
	d.fails(t, "exec --user 1000:6 with-device id", "powerful_container: ", "may use the device /dev/kmsg of the host")
	d.passes(t, "exec with-plain id")
}

func testLinks(t *testing.T, d *daemon) {
	d.passes(t, "run --rm --user 1000 --network none -v /var/log/data/plain:/x busybox true")
	d.fails(t, "run --rm --user 1000 --network none -v /var/log/data/up:/x busybox true", "linked_host_path: ", "/var/log/data/up of the host leads to /,")
	d.fails(t, "run --rm --user 1000 --network none -v /var/log/data/sock:/x busybox true", "docker_socket: ")
	// What leads through a process leads the engine elsewhere.
	d.fails(t, "run --rm --user 1000 --network none -v /var/log/data/process:/x busybox true", "failed_lookup: ", "a link of /proc leads elsewhere for each process")
}

// testRaces does the steps of a race in their order: what was checked changes before it is used.
func testRaces(t *testing.T, d *daemon) {
	d.mustDocker(t, "create", "--name", "swapped", "--user", "1000", "--network", "none", "-v", "/var/log/data/plain:/x", "busybox", "true")
	if err := os.Remove(d.file("/var/log/data/plain")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("/etc", d.file("/var/log/data/plain")); err != nil {
		t.Fatal(err)
	}
	d.fails(t, "start swapped", "linked_host_path: ", "leads to /etc,")

	d.mustDocker(t, "volume", "create", "again")
	d.mustDocker(t, "create", "--name", "remade", "--user", "1000", "--network", "none", "-v", "again:/x", "busybox", "true")
	d.passes(t, "start remade")
	d.fails(t, "volume create --opt type=none --opt o=bind --opt device=/ again2", "volume_options: ")
	d.fails(t, "tag evil.example/app busybox", "image_writes: ")

	// Who has powers keeps its name, and nobody else is taken for it.
	d.passes(t, "rename app-inside elsewhere")
	d.fails(t, "rename powerful app-inside", "powerful_container: ")
	d.passes(t, "rename elsewhere app-inside")
	powerful := d.mustDocker(t, "inspect", "--format", "{{.Id}}", "powerful")
	short := powerful[:12]
	d.fails(t, "exec "+short+" id", "powerful_container: ")
	d.passes(t, "rename app-inside "+short)
	for _, command := range []string{"exec " + short + " id", "cp " + short + ":/host/shadow -", "rename " + short + " other"} {
		d.fails(t, command, "powerful_container: ", "/etc of the host")
	}
	for _, command := range []string{"start " + short, "run --rm --user 1000 --network none --volumes-from " + short + " busybox true"} {
		d.fails(t, command, "its name is the beginning of another container's id, too")
	}
	d.passes(t, "rename "+d.mustDocker(t, "ps", "--quiet", "--no-trunc", "--filter", "name="+short)+" app-inside")
	d.passes(t, "exec app-inside id")
}

// testManyAtOnce makes a hundred containers side by side, each with look-ups that come back through the
// plugin, and reads lists meanwhile.
func testManyAtOnce(t *testing.T, d *daemon) {
	const creates = 100
	body := `{"Image":"busybox","User":"1000","Cmd":["true"],"HostConfig":{"NetworkMode":"none","Binds":["plain:/x"]}}`
	var all sync.WaitGroup
	failures := make(chan string, 2*creates)
	for i := range creates {
		all.Go(func() {
			got, err := d.send(request{method: "POST", uri: fmt.Sprintf("/v1.41/containers/create?name=many%d", i), headers: typedJSON, body: body})
			if err != nil || got.status != http.StatusCreated {
				failures <- fmt.Sprintf("create %d: %d %s, %v", i, got.status, got.body, err)
			}
		})
		all.Go(func() {
			started := time.Now()
			got, err := d.send(request{method: "GET", uri: "/v1.41/volumes"})
			if took := time.Since(started); err != nil || got.status != http.StatusOK || took > 20*time.Second {
				failures <- fmt.Sprintf("list %d: %d after %v, %v", i, got.status, took, err)
			}
		})
	}
	all.Wait()
	close(failures)
	for failure := range failures {
		t.Error(failure)
	}
}

// TestFactsWithoutTheEngine gives the plugin a socket that nobody listens on.
func TestFactsWithoutTheEngine(t *testing.T) {
	eachEngine(t, func(t *testing.T, e engine) {
		d := startDaemon(t, e)
		d.importImages(t)
		d.makeOldObjects(t)
		d.mustDocker(t, "plugin", "create", "bulwark", pluginDir(t))
		d.mustDocker(t, "plugin", "set", "bulwark", "BULWARK_ENGINE=/run/nobody.sock")
		d.mustDocker(t, "plugin", "enable", "bulwark")
		d.reload(t, `{"authorization-plugins": ["bulwark"]}`)
		d.awaitProtection(t, true)
		for _, command := range []string{
			"run --rm --network none numbered id",
			"run --rm --user 1000 --network none -v plain:/x busybox true",
			"run --rm --user 1000 --network none --volumes-from old-fine busybox true",
			"start old-privileged",
			"exec app-inside id",
			"run --rm --user app --network none busybox true",
			"run --rm --user 1000 --network container:app-inside busybox true",
		} {
			started := time.Now()
			d.fails(t, command, "could not be looked up: ", "/run/nobody.sock")
			if took := time.Since(started); took > 4*time.Second {
				t.Errorf("docker %s took %v", command, took)
			}
		}
		d.fails(t, "plugin disable bulwark", "self_protection: ", "may be Bulwark under another name")
		d.passes(t, "ps --all")
	})
}

//go:build e2e

package e2e

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// brokenProject has services that break rules, each in its own way, one that breaks none, and one that
// cannot start before another has ended. Compose writes the binds of a service in any order, so that none
// has several.
const brokenProject = `
name: broken
x-service: &service
  image: busybox
  pull_policy: never
  user: "1000:1000"
  command: [sleep, "600"]
services:
  good:        {<<: *service, volumes: ["data:/data"]}
  privileged:  {<<: *service, privileged: true}
  root:        {image: busybox, pull_policy: never, command: [sleep, "600"]}
  mounts:      {<<: *service, volumes: ["/etc:/x", {type: bind, source: /srv, target: /y, bind: {propagation: shared}}]}
  powers:      {<<: *service, cap_add: [NET_ADMIN, SYS_TIME], devices: ["/dev/kmsg:/dev/kmsg"], group_add: ["0"]}
  confinement: {<<: *service, security_opt: ["seccomp=unconfined", "systempaths=unconfined", "no-new-privileges:false"]}
  namespaces:  {<<: *service, network_mode: host, pid: host, ipc: host, uts: host}
  ports:       {<<: *service, ports: ["81:80", "127.0.0.1:8080:80"]}
  logs:        {<<: *service, logging: {driver: syslog, options: {syslog-address: "tcp://192.0.2.1:514"}}}
  kernel:      {<<: *service, sysctls: {kernel.msgmax: 65536}, cgroup_parent: /custom, runtime: other}
  stranger:    {<<: *service, image: evil.example/app}
  late:        {<<: *service, privileged: true, depends_on: {good: {condition: service_completed_successfully}}}
volumes:
  data:
`

// brokenVolume and brokenNetwork are denied before any service is looked at.
const (
	brokenVolume = `
name: volume
services: {a: {image: busybox, pull_policy: never, user: "1000", volumes: ["store:/v"]}}
volumes: {store: {driver_opts: {type: none, o: bind, device: /etc}}}
`
	brokenNetwork = `
name: network
services: {a: {image: busybox, pull_policy: never, user: "1000"}}
networks: {default: {driver: macvlan, driver_opts: {parent: lo}}}
`
)

// checked is what bulwark check -o json prints, as far as it matters here.
type checked struct {
	Allowed bool
	Sources []struct {
		Requests []checkedRequest
	}
}

type checkedRequest struct{ Subject, Operation, Outcome, Message string }

// denials are the messages of the denied requests of an operation, by subject.
func (c checked) denials(operation string) map[string]string {
	found := map[string]string{}
	for _, source := range c.Sources {
		for _, r := range source.Requests {
			if r.Operation == operation && r.Outcome != "allow" {
				found[r.Subject] = r.Message
			}
		}
	}
	return found
}

// check runs bulwark check on the host.
func (d *daemon) check(t *testing.T, args ...string) (checked, result) {
	t.Helper()
	program := filepath.Join(pluginDir(t), "rootfs/bulwark")
	got := d.run(t, append([]string{program, "check", "-o", "json"}, args...)...)
	var c checked
	if err := json.Unmarshal([]byte(got.stdout), &c); err != nil {
		t.Fatalf("bulwark check %q: %v: %s", args, err, got)
	}
	if want := map[bool]int{true: 0, false: 1}[c.Allowed]; got.code != want {
		t.Errorf("bulwark check %q: want exit code %d, got %s", args, want, got)
	}
	return c, got
}

// denial is what a client printed that the plugin told it.
func denial(t *testing.T, got result) string {
	t.Helper()
	_, after, denied := strings.Cut(got.stderr, "authorization denied by plugin bulwark:latest: ")
	message, _, complete := strings.Cut(after, "\n(decision ")
	if got.code == 0 || !denied || !complete {
		t.Fatalf("not denied: %s", got)
	}
	return message
}

// TestCheckAgreesWithTheEngine checks projects and commands, then runs them, and compares what is said.
func TestCheckAgreesWithTheEngine(t *testing.T) {
	eachEngine(t, func(t *testing.T, e engine) {
		d := startDaemon(t, e)
		d.importImages(t)
		d.protect(t)
		t.Run("project that is allowed", func(t *testing.T) { testCheckAllows(t, d) })
		t.Run("services", func(t *testing.T) { testCheckServices(t, d) })
		t.Run("volume", func(t *testing.T) { testCheckObject(t, d, brokenVolume, "VolumeCreate", "create volume volume_store") })
		t.Run("network", func(t *testing.T) {
			testCheckObject(t, d, brokenNetwork, "NetworkCreate", "create network network_default")
		})
		t.Run("run", func(t *testing.T) { testCheckRun(t, d) })
		t.Run("inspect", func(t *testing.T) { testCheckInspect(t, d) })
	})
}

// testCheckAllows checks the project of TestClients, which really runs.
func testCheckAllows(t *testing.T, d *daemon) {
	file, err := filepath.Abs("testdata/compose.yaml")
	if err != nil {
		t.Fatal(err)
	}
	before := d.objects(t)
	for _, args := range [][]string{{file}, {"--", "docker", "compose", "--file", file, "up"}, {"--", "docker", "compose", "--file", file, "up", "--detach", "--wait"}} {
		if c, got := d.check(t, args...); !c.Allowed || len(c.Sources[0].Requests) < 7 {
			t.Errorf("bulwark check %q: %s", args, got)
		}
	}
	if after := d.objects(t); after != before {
		t.Errorf("checking has made something: before %q, after %q", before, after)
	}
}

func writeProject(t *testing.T, content string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "compose.yaml")
	if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
	return file
}

// testCheckServices compares, service by service, what check says of the file and of docker compose up
// with what the engine says when the service is brought up: compose stops at the first denial.
func testCheckServices(t *testing.T, d *daemon) {
	file := writeProject(t, brokenProject)
	before := d.objects(t)
	fromCommand, output := d.check(t, "--", "docker", "compose", "--file", file, "up")
	fromFile, _ := d.check(t, file)
	if after := d.objects(t); after != before {
		t.Errorf("checking has made something: before %q, after %q", before, after)
	}
	byCommand, byFile := fromCommand.denials("ContainerCreate"), fromFile.denials("ContainerCreate")
	if len(byCommand) != 11 || len(byFile) != 11 {
		t.Fatalf("denied services: %q by command, %q by file: %s", byCommand, byFile, output)
	}
	if starts := fromCommand.denials("ContainerStart"); len(starts) != 0 {
		t.Errorf("denied starts of what no engine would have made: %q", starts)
	}
	for subject, want := range byCommand {
		service := strings.TrimSuffix(strings.TrimPrefix(subject, "create container broken-"), "-1")
		if got := byFile["service "+service]; got != want {
			t.Errorf("service %s: check says\n%s\nof the command, and of the file\n%s", service, want, got)
		}
		got := denial(t, d.docker(t, "compose", "--progress", "plain", "--file", file, "up", "--detach", "--no-deps", service))
		if got != want {
			t.Errorf("service %s: check says\n%s\nand the engine\n%s", service, want, got)
		}
	}
	d.mustDocker(t, "compose", "--progress", "plain", "--file", file, "up", "--detach", "--no-deps", "good")
	d.mustDocker(t, "compose", "--progress", "plain", "--file", file, "down", "--volumes", "--timeout", "0")
}

// testCheckObject compares the first denial of a project.
func testCheckObject(t *testing.T, d *daemon, project, operation, subject string) {
	file := writeProject(t, project)
	c, output := d.check(t, "--", "docker", "compose", "--file", file, "up", "--detach")
	want := c.denials(operation)[subject]
	if want == "" {
		t.Fatalf("not denied: %s", output)
	}
	if got := denial(t, d.docker(t, "compose", "--progress", "plain", "--file", file, "up", "--detach")); got != want {
		t.Errorf("check says\n%s\nand the engine\n%s", want, got)
	}
	_ = d.docker(t, "compose", "--progress", "plain", "--file", file, "down", "--volumes")
}

// testCheckRun compares docker run and docker exec, and sees that nothing was started.
func testCheckRun(t *testing.T, d *daemon) {
	d.mustDocker(t, harmless("--detach", "--name", "web", "busybox", "sleep", "600")...)
	defer d.mustDocker(t, "rm", "--force", "web")
	before := d.containers(t)
	for _, args := range [][]string{
		{"run", "--rm", "--user", "1000", "-v", "/:/host", "busybox", "id"},
		{"run", "--rm", "--privileged", "--pid", "host", "busybox"},
		{"create", "--user", "1000", "--security-opt", "apparmor=unconfined", "busybox"},
		{"exec", "--privileged", "--user", "root", "web", "id"},
	} {
		c, output := d.check(t, append([]string{"--", "docker"}, args...)...)
		i := slices.IndexFunc(c.Sources[0].Requests, func(r checkedRequest) bool { return r.Outcome != "allow" })
		if i < 0 {
			t.Errorf("docker %q is allowed: %s", args, output)
			continue
		}
		if got, want := denial(t, d.docker(t, args...)), c.Sources[0].Requests[i].Message; got != want {
			t.Errorf("docker %q: check says\n%s\nand the engine\n%s", args, want, got)
		}
	}
	for _, args := range [][]string{harmless("--interactive", "--tty", "busybox", "id"), {"exec", "web", "id"}, {"restart", "web"}, {"rm", "--force", "web"}} {
		if c, output := d.check(t, append([]string{"--", "docker"}, args...)...); !c.Allowed || len(c.Sources[0].Requests) == 0 {
			t.Errorf("docker %q: %s", args, output)
		}
	}
	if after := d.containers(t); !slices.Equal(after, before) {
		t.Errorf("containers: before %q, after %q", before, after)
	}
}

// testCheckInspect sees no false alarm in what the engine fills in by itself.
func testCheckInspect(t *testing.T, d *daemon) {
	d.mustDocker(t, harmless("--detach", "--name", "plain", "-v", "inspected:/data", "busybox", "sleep", "600")...)
	defer d.mustDocker(t, "rm", "--force", "plain")
	program := filepath.Join(pluginDir(t), "rootfs/bulwark")
	inspected := d.mustDocker(t, "inspect", "plain")
	for _, engine := range []string{"/run/docker.sock", "none"} {
		if got := d.runWith(t, inspected, program, "check", "--engine", engine, "-"); got.code != 0 || !strings.Contains(got.stdout, "allowed: start container plain") {
			t.Errorf("with engine %s: %s", engine, got)
		}
	}
	if got := d.run(t, program, "audit"); got.code != 0 || !strings.Contains(got.stdout, "allowed: container plain") {
		t.Errorf("audit: %s", got)
	}
	powerful := strings.Replace(inspected, `"Privileged": false`, `"Privileged": true`, 1)
	if got := d.runWith(t, powerful, program, "check", "-"); got.code != 1 || !strings.Contains(got.stdout, "privileged (critical)") {
		t.Errorf("privileged: %s", got)
	}
}

//go:build e2e

package e2e

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

// TestClients does with real clients, or requests shaped like theirs, what people do all day. Nothing of it
// may be denied.
func TestClients(t *testing.T) {
	eachEngine(t, func(t *testing.T, e engine) {
		d := startDaemon(t, e)
		d.importImages(t)
		d.protect(t)
		t.Run("command line", func(t *testing.T) { testCommandLine(t, d) })
		t.Run("attach", func(t *testing.T) { testAttach(t, d) })
		t.Run("compose", func(t *testing.T) { testCompose(t, d) })
		t.Run("docker-py", func(t *testing.T) { testDockerPy(t, d) })
		t.Run("Testcontainers", func(t *testing.T) { testTestcontainers(t, d) })
	})
}

// step is one request of a client and the status that the engine answers. {id} stands for the id in the
// first answer that has one, {last} for that in the latest.
type step struct {
	request
	status int
}

var upgradeTCP = map[string]string{"Content-Type": "application/json", "Connection": "Upgrade", "Upgrade": "tcp"}

// testDockerPy sends what docker-py sends, and with it Ansible and docker-compose 1: every member that it
// knows, with null where nothing was asked for, and some that engines do not know.
func testDockerPy(t *testing.T, d *daemon) {
	const container = `{"Hostname":null,"Domainname":null,"ExposedPorts":null,"User":"1000","Tty":false,"OpenStdin":false,
		"StdinOnce":false,"AttachStdin":false,"AttachStdout":true,"AttachStderr":true,"Env":["A=b"],"Cmd":["sleep","600"],
		"Image":"busybox","Volumes":{"/data":{}},"NetworkDisabled":false,"Entrypoint":null,"WorkingDir":null,
		"HostConfig":{"NetworkMode":"pynet","Binds":["pydata:/data:rw"]},"NetworkingConfig":{"pynet":null},"MacAddress":null,
		"Labels":null,"StopSignal":null,"Healthcheck":null,"StopTimeout":null,"Runtime":null}`
	d.play(t, []step{
		{request{method: "GET", uri: "/version"}, 200},
		{request{method: "POST", uri: "/v1.41/volumes/create", headers: typedJSON, body: `{"Name":"pydata","Driver":null,"DriverOpts":null}`}, 201},
		{request{method: "POST", uri: "/v1.41/networks/create", headers: typedJSON, body: `{"Name":"pynet","Driver":null,"Options":null,"IPAM":null,"CheckDuplicate":null}`}, 201},
		{request{method: "POST", uri: "/v1.41/containers/create?name=py", headers: typedJSON, body: container}, 201},
		{request{method: "POST", uri: "/v1.41/containers/py/start"}, 204},
		{request{method: "GET", uri: "/v1.41/containers/py/json"}, 200},
		{request{method: "POST", uri: "/v1.41/containers/py/exec", headers: typedJSON, body: `{"Container":"py","User":"1000","Privileged":false,"Tty":false,"AttachStdin":false,"AttachStdout":true,"AttachStderr":true,"Cmd":["id"],"Env":null}`}, 201},
		{request{method: "POST", uri: "/v1.41/exec/{last}/start", headers: upgradeTCP, body: `{"Tty":false,"Detach":false}`}, 101},
		{request{method: "GET", uri: "/v1.41/exec/{last}/json"}, 200},
		{request{method: "GET", uri: "/v1.41/containers/py/logs?stderr=1&stdout=1&timestamps=0&follow=0&tail=all"}, 200},
		{request{method: "GET", uri: "/v1.41/containers/json?limit=-1&all=1&size=0&trunc_cmd=0"}, 200},
		{request{method: "POST", uri: "/v1.41/containers/py/stop?t=0"}, 204},
		{request{method: "POST", uri: "/v1.41/containers/py/wait"}, 200},
		{request{method: "DELETE", uri: "/v1.41/containers/py?v=False&link=False&force=False"}, 204},
		{request{method: "DELETE", uri: "/v1.41/networks/{id}"}, 204},
		{request{method: "DELETE", uri: "/v1.41/volumes/pydata"}, 204},
	})
}

// testTestcontainers sends what docker-java sends for a Testcontainers test: bodies of unsaid length, and
// null for every flag that was not set.
func testTestcontainers(t *testing.T, d *daemon) {
	const container = `{"Hostname":null,"Domainname":null,"User":"1000:1000","AttachStdin":null,"AttachStdout":null,"AttachStderr":null,
		"PortSpecs":null,"Tty":null,"OpenStdin":null,"StdinOnce":null,"Env":["POSTGRES_PASSWORD=test"],"Cmd":["sleep","600"],
		"Healthcheck":null,"ArgsEscaped":null,"Entrypoint":null,"Image":"busybox","Volumes":{},"WorkingDir":null,"MacAddress":null,
		"OnBuild":null,"NetworkDisabled":null,"ExposedPorts":{"5432/tcp":{}},"StopSignal":null,"StopTimeout":null,
		"Labels":{"org.testcontainers":"true","org.testcontainers.sessionId":"1c1f"},"Shell":null,"NetworkingConfig":null,
		"HostConfig":{"Binds":[],"PortBindings":{"5432/tcp":[{"HostIp":"","HostPort":""}]},"VolumesFrom":[],"ExtraHosts":[],
		"Links":[],"AutoRemove":null,"Privileged":null,"PublishAllPorts":null,"NetworkMode":null,"Devices":null,"ShmSize":null}}`
	d.play(t, []step{
		{request{method: "GET", uri: "/_ping"}, 200},
		{request{method: "GET", uri: "/v1.41/info"}, 200},
		{request{method: "GET", uri: "/v1.41/images/busybox:latest/json"}, 200},
		{request{method: "POST", uri: "/v1.41/containers/create", headers: typedJSON, body: container, chunked: true}, 201},
		{request{method: "POST", uri: "/v1.41/containers/{id}/start"}, 204},
		{request{method: "GET", uri: "/v1.41/containers/{id}/json"}, 200},
		{request{method: "GET", uri: "/v1.41/containers/{id}/logs?stdout=true&stderr=true&follow=true&since=0"}, 200},
		{request{method: "POST", uri: "/v1.41/containers/{id}/exec", headers: typedJSON, chunked: true, body: `{"AttachStdin":null,"AttachStdout":true,"AttachStderr":true,"Tty":null,"Privileged":null,"User":"1000","Cmd":["true"],"Env":null,"WorkingDir":null}`}, 201},
		{request{method: "POST", uri: "/v1.41/exec/{last}/start", headers: typedJSON, chunked: true, body: `{"Detach":false,"Tty":null}`}, 200},
		{request{method: "GET", uri: "/v1.41/exec/{last}/json"}, 200},
		{request{method: "POST", uri: "/v1.41/containers/{id}/kill"}, 204},
		{request{method: "DELETE", uri: "/v1.41/containers/{id}?v=true&force=true"}, 204},
	})
}

// play sends the steps one after the other. A step that fails ends the test: the next ones build on it.
func (d *daemon) play(t *testing.T, steps []step) {
	t.Helper()
	var first, last string
	for _, s := range steps {
		s.uri = strings.NewReplacer("{id}", first, "{last}", last).Replace(s.uri)
		got, err := d.send(s.request)
		if err != nil || got.status != s.status {
			t.Fatalf("%s %s: want %d, got %d %s, %v", s.method, s.uri, s.status, got.status, got.body, err)
		}
		var created struct{ ID string }
		if got.status == http.StatusCreated && json.Unmarshal([]byte(got.body), &created) == nil && created.ID != "" {
			last = created.ID
			if first == "" {
				first = last
			}
		}
	}
}

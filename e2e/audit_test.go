//go:build e2e

package e2e

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestAudit does the same on an engine without the plugin and on one whose plugin only watches. Whatever
// is done, nothing may end differently.
func TestAudit(t *testing.T) {
	eachEngine(t, func(t *testing.T, e engine) {
		plain, audited := startDaemon(t, e), startDaemon(t, e)
		plain.importImages(t)
		audited.importImages(t)
		audited.write(t, "/etc/bulwark/settings.yaml", "mode: audit\n")
		audited.protect(t)

		for _, line := range auditedCommands {
			t.Run(line, func(t *testing.T) {
				args := append([]string{"docker"}, commandLine(line)...)
				want := plain.runWith(t, dockerfile, args...).String()
				got := audited.runWith(t, dockerfile, args...).String()
				compare(t, want, got)
			})
		}
		for name, r := range auditedRequests() {
			t.Run(name, func(t *testing.T) {
				want, err := plain.send(r)
				if err != nil {
					t.Fatal(err)
				}
				got, err := audited.send(r)
				if err != nil {
					t.Fatal(err)
				}
				compare(t, fmt.Sprint(want), fmt.Sprint(got))
			})
		}
		log, err := os.ReadFile(audited.file("/var/log/bulwark/decisions.jsonl"))
		if err != nil || !strings.Contains(string(log), `"rule":"privileged"`) {
			t.Errorf("the plugin has not noticed the privileged container: %v", err)
		}
	})
}

// dockerfile is what docker build reads from its standard input.
const dockerfile = "FROM busybox\nRUN id -u >/uid\n"

// auditedCommands are harmless and harmful ones. Each finds what the earlier ones left.
var auditedCommands = []string{
	"run --rm --user 1000 --network none busybox id",
	"run --rm busybox id",
	"run --rm --privileged busybox id",
	"run --rm --user root busybox id",
	"run --rm --cap-add SYS_ADMIN busybox id",
	"run --rm -v /etc:/x busybox ls -d /x/passwd",
	"run --rm evil.example/app id",
	"run --rm --security-opt seccomp=unconfined busybox id",
	"run --rm --network host --pid host --ipc host busybox id",
	"run --rm --device /dev/null:/dev/x busybox ls /dev/x",
	"run --rm --interactive --user 1000 busybox cat",
	"run --rm --pull never absent.example/app",
	"run --detach --name web busybox sleep 600",
	"exec web id",
	"exec --privileged --user root web id",
	"cp /bin/busybox web:/tmp/x",
	"cp web:/etc/passwd -",
	"commit web evil.example/committed",
	"rename web www",
	"update --memory 64m --memory-swap 64m www",
	"rm --force www",
	"tag evil.example/app busybox:laundered",
	"rmi busybox:laundered",
	"volume create --opt type=none --opt device=/etc --opt o=bind hostetc",
	"run --rm -v hostetc:/x busybox ls -d /x/passwd",
	"volume rm hostetc",
	"network create --driver macvlan lan",
	"network rm lan",
	"build --quiet --tag busybox:built -",
	"run --rm busybox:built cat /uid",
	"plugin inspect absent",
	"swarm leave",
	"ps --all --quiet",
	"volume ls --quiet",
}

// auditedRequests are such as no docker command sends.
func auditedRequests() map[string]request {
	create := func(body string) request {
		return request{method: "POST", uri: "/v1.41/containers/create", headers: typedJSON, body: body}
	}
	return map[string]request{
		"duplicate keys":   create(`{"Image":"busybox","Cmd":["true"],"image":"evil.example/app"}`),
		"unknown field":    create(`{"Image":"busybox","Cmd":["true"],"Frobnicate":true}`),
		"trailing data":    create(`{"Image":"busybox","Cmd":["true"]} {}`),
		"no JSON":          create(`{`),
		"no body":          create(``),
		"another type":     {method: "POST", uri: "/v1.41/containers/create", headers: map[string]string{"Content-Type": "text/plain"}, body: `{"Image":"busybox","Cmd":["true"]}`},
		"unknown route":    {method: "POST", uri: "/v1.41/containers/frobnicate"},
		"encoded path":     {method: "GET", uri: "/v1.41/%63ontainers/json"},
		"old version":      {method: "GET", uri: "/v1.12/info"},
		"future version":   {method: "GET", uri: "/v1.99/info"},
		"fragment":         {method: "GET", uri: "/v1.41/volumes?x=1#y"},
		"hidden form":      {method: "POST", uri: "/v1.41/containers/absent/kill?signal=TERM", headers: map[string]string{"Content-Type": "application/x-www-form-urlencoded"}, body: "signal=KILL"},
		"absolute form":    {method: "GET", uri: "http://x/v1.41/containers/json"},
		"unknown method":   {method: "BREW", uri: "/v1.41/containers/json"},
		"options":          {method: "OPTIONS", uri: "/v1.41/containers/json"},
		"large body":       create(`{"Image":"busybox","Cmd":["true"],"Labels":{"x":"` + strings.Repeat("x", 2<<20) + `"}}`),
		"authentication":   {method: "POST", uri: "/v1.41/auth", headers: typedJSON, body: `{"serveraddress":"localhost:1"}`},
		"checkpoint":       {method: "POST", uri: "/v1.41/containers/absent/checkpoints", headers: typedJSON, body: `{}`},
		"upgrade to gRPC":  {method: "POST", uri: "/grpc", headers: map[string]string{"Connection": "Upgrade", "Upgrade": "h2c"}},
		"swarm update":     {method: "POST", uri: "/v1.41/swarm/update?version=1", headers: typedJSON, body: `{}`},
		"missing exec":     {method: "POST", uri: "/v1.41/exec/absent/start", headers: typedJSON, body: `{}`},
		"attach to absent": {method: "POST", uri: "/v1.41/containers/absent/attach?stdin=1&stream=1"},
	}
}

// volatile is what differs between any two engines, and two runs on one: ids, times, and what the command
// line logs when a container ends while it starts to wait for it.
var volatile = regexp.MustCompile(`[0-9a-f]{12,64}|\d{4}-\d\d-\d\dT[0-9:.]+Z|\d{4}/\d\d/\d\d [0-9:]+|time="\S+" level=error msg="error waiting for container: .*\n`)

func compare(t *testing.T, want, got string) {
	t.Helper()
	want, got = volatile.ReplaceAllString(want, ""), volatile.ReplaceAllString(got, "")
	if got != want {
		t.Errorf("without the plugin:\n%s\nwith it in audit mode:\n%s", want, got)
	}
}

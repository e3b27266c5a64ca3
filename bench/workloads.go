package main

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/docker/go-plugins-helpers/authorization"
)

// workload is one thing to ask a plugin again and again.
type workload struct {
	name    string
	request []byte
	// denied are the rules that find something, in the answer's order, each as
	// often as it does; nil means that the answer is to allow.
	denied []string
	// calls are made in one turn of a plugin.
	calls int
	// target is what the ratio to the no-op plugin may be, 0 for none.
	target float64
}

// allowed is the whole of an answer that allows.
const allowed = `{"Allow":true}` + "\n"

// deniedBy are the rules that find something in requests/create_denied.json.
var deniedBy = []string{
	"apparmor_disabled", "cap_add", "devices", "docker_socket", "host_binds", "host_namespaces", "image_digest",
	"privileged", "root_user", "seccomp_disabled", "sysctls", "untrusted_registry",
}

const (
	createURI = "/v1.50/containers/create?name=api-1"
	// What a plugin gets to see of a body ends at 1 MiB with most engines and
	// at 4 MiB with the newest.
	mebibyte = 1 << 20
)

// workloads are what is measured against the no-op plugin, one at a time.
func workloads() []workload {
	create := post(createURI, body("create"))
	list := read("GET", "/v1.50/containers/json")
	created := []byte(`{"Id":"3ea8da0e5084214ab0cdb53a841e7c40d9abee6dea05ec43fade7ec1a8d9cbf8","Warnings":[]}` + "\n")
	return []workload{
		asking("ping", read("HEAD", "/_ping"), 200, 1.05),
		asking("list", list, 200, 1.05),
		asking("create allowed", create, 200, 2.3),
		asking("create denied", post(createURI, body("create_denied")), 200, 3.0, deniedBy...),
		asking("create with 1 MiB", post(createURI, largeCreate(mebibyte)), 5, 0.6),
		asking("create with 4 MiB", post(createURI, largeCreate(4*mebibyte)), 2, 0.6),
		asking("service create", post("/v1.50/services/create", body("service_create")), 200, 0),
		asking("exec", post("/v1.50/containers/api-1/exec", body("exec")), 200, 0),
		telling("AuthZRes small", answered(create, http.StatusCreated, created), 200, 0),
		telling("AuthZRes with 1 MiB", answered(list, http.StatusOK, longList(mebibyte)), 20, 0.1),
	}
}

// questions are decisions of many kinds: looking around, then work.
func questions(all []workload) []workload {
	var mix []workload
	for _, name := range []string{"ping", "list", "ping", "list", "create allowed", "exec", "list", "create denied", "service create"} {
		mix = append(mix, named(all, name))
	}
	return mix
}

// mixed are these questions as from the engine, which tells what it answered
// wherever it was allowed to.
func mixed(all []workload) []workload {
	var mix []workload
	for _, w := range questions(all) {
		mix = append(mix, w)
		if w.denied == nil {
			mix = append(mix, named(all, "AuthZRes small"))
		}
	}
	return mix
}

func named(all []workload, name string) workload {
	return all[slices.IndexFunc(all, func(w workload) bool { return w.name == name })]
}

func asking(name string, req authorization.Request, calls int, target float64, denied ...string) workload {
	return workload{name: name, request: wire(authorization.AuthZApiRequest, req), calls: calls, target: target, denied: denied}
}

func telling(name string, req authorization.Request, calls int, target float64) workload {
	return workload{name: name, request: wire(authorization.AuthZApiResponse, req), calls: calls, target: target}
}

// longList is a list of containers of nearly size bytes.
func longList(size int) []byte {
	const container = `{"Id":"3ea8da0e5084214ab0cdb53a841e7c40d9abee6dea05ec43fade7ec1a8d9cbf8","Names":["/api-1"],` +
		`"Image":"registry.example.com/shop/api:1.4.2","Command":"serve --listen :8080","Created":1790000000,` +
		`"Ports":[{"IP":"127.0.0.1","PrivatePort":8080,"PublicPort":8080,"Type":"tcp"}],"Labels":{"com.example.team":"shop"},` +
		`"State":"running","Status":"Up 3 days (healthy)","HostConfig":{"NetworkMode":"front"}}`
	return []byte("[" + strings.Repeat(container+",", size/(len(container)+1)-1) + container + "]")
}

// run makes one call and makes sure of the answer. A plugin that judges
// nothing allows everything.
func (w workload) run(c *client, judges bool) error {
	status, answer, err := c.post(w.request)
	if err != nil {
		return fmt.Errorf("%s: %w", w.name, err)
	}
	want := allowed
	if judges && w.denied != nil {
		want = `{"Allow":false,"Msg":"` + w.denied[0] + ": "
	}
	if status != http.StatusOK || !bytes.HasPrefix(answer, []byte(want)) {
		return fmt.Errorf("%s: got %d %s, want %s", w.name, status, clip(answer), want)
	}
	return nil
}

// check makes one call and compares all that the answer says with what the
// workload expects.
func (w workload) check(c *client) error {
	if err := w.run(c, true); err != nil || w.denied == nil {
		return err
	}
	var rules []string
	for _, line := range strings.Split(c.answer.String(), `\n`) {
		rule, _, found := strings.Cut(strings.TrimPrefix(line, `{"Allow":false,"Msg":"`), ": ")
		if found {
			rules = append(rules, rule)
		}
	}
	if got, want := strings.Join(rules, " "), strings.Join(w.denied, " "); got != want {
		return fmt.Errorf("%s: denied by %s, want %s", w.name, got, want)
	}
	return nil
}

func clip(text []byte) []byte { return text[:min(len(text), 500)] }

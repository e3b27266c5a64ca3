package learn

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bulwark-authz/bulwark/plugin/policy"
	"github.com/bulwark-authz/bulwark/policies"
)

// TestParams proposes what each kind of param takes, and nothing else: numbers,
// switches, mappings, objects with lists, options that are found together.
func TestParams(t *testing.T) {
	withHost := func(host string) string { return `{"Image":"busybox","User":"1000","HostConfig":{` + host + `}}` }
	tests := []struct {
		name    string
		profile string
		sent    []sent
		want    map[string]any // the params of the one rule that is opened
		rule    string
	}{
		{"the lowest port", "", []sent{{"a", "POST", create, withHost(`"PortBindings":{"80/tcp":[{"HostPort":"443"}],"81/tcp":[{"HostPort":"80"}]}`)}},
			map[string]any{"minimum": 80}, "host_ports"},
		{"a switch", "", []sent{{"a", "POST", "/v1.41/build?t=localhost/x", ""}}, map[string]any{"allowed": true}, "builds"},
		{"an object with a list", "", []sent{{"a", "POST", create, withHost(`"DeviceRequests":[{"Driver":"","Count":-1,"Capabilities":[["gpu"]]}]`)}},
			map[string]any{"allowed": []any{map[string]any{"driver": "", "ids": []any{"all"}}}}, "device_requests"},
		{"an object of texts", "", []sent{{"a", "POST", create, withHost(`"Devices":[{"PathOnHost":"/dev/fuse","PathInContainer":"/dev/fuse","CgroupPermissions":"rw"}]`)}},
			map[string]any{"allowed": []any{map[string]any{"path": "/dev/fuse", "permissions": "rw"}}}, "devices"},
		{"names before =", "", []sent{{"a", "POST", create, withHost(`"Tmpfs":{"/x":"exec,huge=always,size=1m"}`)}},
			map[string]any{"allowed": []any{"exec", "huge"}}, "tmpfs_options"},
		{"options that are found together", "", []sent{{"a", "POST", "/volumes/create", `{"Name":"v","DriverOpts":{"type":"nfs","o":"addr=10.0.0.1","device":":/x"}}`}},
			map[string]any{"allowed": []any{"device", "o", "type"}}, "volume_options"},
		{"only writable although read-only came first", "", []sent{
			{"a", "POST", create, withHost(`"Binds":["/srv:/x:ro"]`)}, {"a", "POST", create, withHost(`"Binds":["/srv:/x"]`)}},
			map[string]any{"allowed": []any{map[string]any{"path": "/srv"}}}, "host_binds"},
		{"a number in the message", "", []sent{{"a", "POST", "/v1.24/containers/web/stop", ""}, {"a", "POST", "/v1.30/containers/web/stop", ""}},
			map[string]any{"minimum": 24}, "api_version"},
		{"a mapping", "restricted", []sent{{"a", "POST", "/services/create", `{"Name":"s","TaskTemplate":{"Networks":[{"Target":"n"}],
			"Resources":{"Limits":{"MemoryBytes":1000000,"NanoCPUs":1000,"Pids":10}},"ContainerSpec":{"ReadOnly":true,"User":"1000",
			"Image":"busybox:1@sha256:0000000000000000000000000000000000000000000000000000000000000000","CapabilityDrop":["ALL"],
			"Healthcheck":{"Test":["CMD","x"]},"Privileges":{"NoNewPrivileges":true},"Ulimits":[{"Name":"nofile","Soft":2000000,"Hard":3000000}]}}}`}},
			map[string]any{"maximum": map[string]any{"nofile": 3000000}}, "ulimits"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			log := logOf(t, test.sent...)
			p := propose(t, policy.Settings{Profile: test.profile}, log)
			settings := p.base.with(p.Openings)
			want := map[string]policies.Override{test.rule: {Params: test.want}}
			if diff := cmp.Diff(want, settings.Rules); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			passes(t, p, log, len(test.sent))
		})
	}
}

// TestAnotherRulesParam opens what a rule without params denies by what is
// trusted.
func TestAnotherRulesParam(t *testing.T) {
	log := logOf(t, sent{"a", "POST", "/v1.41/images/quay.io/acme/app/push?tag=1", ""})
	p := propose(t, policy.Settings{}, log)
	want := []Opening{{Rule: "untrusted_registry", Param: "trusted", Value: "quay.io/acme/app",
		Because: Because{Decisions: 1, Users: []string{"a"}, Example: "1", Message: "untrusted_push: the image would be pushed to quay.io/acme/app:1, which is not trusted"}}}
	if diff := cmp.Diff(want, p.Openings); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

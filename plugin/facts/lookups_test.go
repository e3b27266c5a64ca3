package facts

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bulwark-authz/bulwark/plugin/input"
)

var ownPlugin, otherPlugin = strings.Repeat("0b", 32), strings.Repeat("5e", 32)

func TestPluginFact(t *testing.T) {
	g, _ := serve(t, map[string]string{
		"/plugins/bulwark/json": `{"Id":"` + ownPlugin + `","Config":{"Interface":{"Types":["docker.authz/1.0"]}}}`,
		"/plugins/sshfs/json":   `{"Id":"` + otherPlugin + `","Config":{"Interface":{"Types":["docker.volumedriver/1.0"]}}}`,
		"/plugins/warden/json":  `{"Id":"` + otherPlugin + `","Config":{"Interface":{"Types":["docker.authz/1.0"]}}}`,
		"/plugins/odd/json":     `{"Id":"5e"}`,
	})
	const cannot = "Bulwark cannot compare the plugin's id with its own"
	for name, want := range map[string]input.PluginFact{
		"bulwark": {State: input.Found, ID: ownPlugin, Own: true, Authorizes: true},
		"sshfs":   {State: input.Found, ID: otherPlugin},
		"warden":  {State: input.Found, ID: otherPlugin, Authorizes: true},
		"odd":     {State: input.Unknown, Reason: cannot, ID: "5e"},
		"none":    {State: input.Missing},
	} {
		g.own = ownPlugin
		for _, request := range [][2]string{{"POST", "/disable"}, {"DELETE", ""}, {"POST", "/set"}, {"POST", "/upgrade?remote=x"}} {
			doc := gather(g, request[0], "/v1.41/plugins/"+name+request[1], "")
			if diff := cmp.Diff(map[string]input.PluginFact{name: want}, doc.Facts.Plugins); diff != "" {
				t.Errorf("%v %s: %s", request, name, diff)
			}
		}
		if want.State == input.Found {
			g.own = ""
			doc := gather(g, "DELETE", "/plugins/"+name, "")
			if fact := doc.Facts.Plugins[name]; fact.State != input.Unknown || fact.Reason != cannot || fact.Own {
				t.Errorf("%s, where the own id is not known: %+v", name, fact)
			}
		}
	}
}

func TestPluginID(t *testing.T) {
	const folder = "209 145 0:42 /docker/plugins/"
	at := folder + ownPlugin + " /run/docker/plugins rw,relatime shared:60 master:24 - tmpfs tmpfs rw,mode=755\n"
	host := "190 189 254:0 /var/lib/docker/plugins/" + otherPlugin + "/rootfs /host/var/lib/docker/plugins/" + otherPlugin + "/rootfs ro - ext4 /dev/vda rw\n"
	for mounts, want := range map[string]string{
		host + at:                             ownPlugin,
		strings.ReplaceAll(at, "/docker", ""): "", // mounted elsewhere
		host:                                  "",
		"":                                    "",
		"209 145 0:42 /docker":                "",
		at + at:                               "",
		"209 145 0:42 /docker/plugins /run/docker/plugins rw - tmpfs tmpfs rw\n": "",
		strings.Replace(at, ownPlugin, ownPlugin[1:], 1):                         "",
	} {
		if got := pluginID(strings.NewReader(mounts)); got != want {
			t.Errorf("%q: %q, want %q", mounts, got, want)
		}
	}
	if id := ownID(); id != "" {
		t.Errorf("this test runs as the plugin %s", id)
	}
}

func TestNodeFact(t *testing.T) {
	g, _ := serve(t, map[string]string{"/nodes/n1": `{"ID":"n1","Spec":{"Role":"manager"}}`})
	for name, want := range map[string]input.NodeFact{"n1": {State: input.Found, Role: "manager"}, "n2": {State: input.Missing}} {
		doc := gather(g, "POST", "/nodes/"+name+"/update?version=1", `{"Role":"manager"}`)
		if diff := cmp.Diff(map[string]input.NodeFact{name: want}, doc.Facts.Nodes); diff != "" {
			t.Error(diff)
		}
	}
}

// TestJoinedContainersAreLookedUp at create by the name in the request, and at start by what the engine holds.
func TestJoinedContainersAreLookedUp(t *testing.T) {
	g, _ := serve(t, map[string]string{
		"/containers/db/json":  `{"Id":"d1","Name":"/db","Config":{"Labels":{"team":"data"}},"HostConfig":{"NetworkMode":"host","PidMode":"container:x","IpcMode":"container:x"}}`,
		"/containers/web/json": `{"Id":"w1","Config":{"Image":"a"},"HostConfig":{"NetworkMode":"container:db"}}`,
	})
	create := gather(g, "POST", "/containers/create", `{"Image":"a","HostConfig":{"NetworkMode":"container:db","PidMode":"container:none"}}`)
	start := gather(g, "POST", "/containers/web/start", "")
	for _, doc := range []input.Document{create, start} {
		fact := doc.Facts.Containers["db"]
		if diff := cmp.Diff([]string{"ipc pid", "d1", "db", "data"}, []string{strings.Join(fact.JoinedNamespaces, " "), fact.ID, fact.Name, fact.Labels["team"]}); diff != "" {
			t.Errorf("%s: %s", doc.Operation, diff)
		}
		if diff := cmp.Diff([]string{"network"}, fact.HostNamespaces); diff != "" {
			t.Errorf("%s: %s", doc.Operation, diff)
		}
	}
	if state := create.Facts.Containers["none"].State; state != input.Missing {
		t.Errorf("a container that is not there: %s", state)
	}
}

func TestCgroupV1IsToldByItsFiles(t *testing.T) {
	root := t.TempDir()
	g := NewGatherer(nil, Host{Root: root})
	create := func() bool {
		return gather(g, "POST", "/containers/create", `{"Image":"a","HostConfig":{"CgroupnsMode":"host"}}`).Facts.Host.CgroupV1
	}
	if create() {
		t.Error("a host without control groups has version 1")
	}
	if err := os.MkdirAll(filepath.Join(root, "sys/fs/cgroup/devices"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(root, "sys/fs/cgroup/devices/tasks"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if !create() {
		t.Error("a host with version 1 has it not")
	}
}

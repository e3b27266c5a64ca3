package input

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/moby/profiles/seccomp"
)

// create describes a ContainerCreate with the given HostConfig.
func create(t *testing.T, hostConfig string) *Container {
	t.Helper()
	return createBodyOf(t, `{"Image":"busybox","HostConfig":`+hostConfig+`}`).Container
}

func createBodyOf(t *testing.T, body string) Document {
	t.Helper()
	doc := FromRequest(Request{Method: "POST", URI: "/v1.41/containers/create?name=web", Body: []byte(body)})
	if doc.Container == nil || len(doc.Anomalies) > 0 {
		t.Fatalf("%s: %v", body, doc.Anomalies)
	}
	return doc
}

func TestParseUser(t *testing.T) {
	id := func(n int64) *int64 { return &n }
	for value, want := range map[string]UserSpec{
		"":                     {Kind: "absent"},
		"1000":                 {Kind: "uid", UID: id(1000)},
		"1000:1000":            {Kind: "uid", UID: id(1000), GID: id(1000), Group: "1000"},
		"0":                    {Kind: "uid", UID: id(0)},
		"root":                 {Kind: "name", UID: id(0)},
		"root:app":             {Kind: "name", UID: id(0), Group: "app"},
		":1000":                {Kind: "name", UID: id(0), GID: id(1000), Group: "1000"},
		":":                    {Kind: "name", UID: id(0)},
		"00":                   {Kind: "odd", UID: id(0)},
		"+0":                   {Kind: "odd", UID: id(0)},
		"-0":                   {Kind: "odd", UID: id(0)},
		"+1000":                {Kind: "odd", UID: id(1000)},
		"1000:":                {Kind: "odd", UID: id(1000)},
		"1000:+0":              {Kind: "odd", UID: id(1000), GID: id(0), Group: "+0"},
		"1000:0":               {Kind: "uid", UID: id(1000), GID: id(0), Group: "0"},
		"1000:docker":          {Kind: "uid", UID: id(1000), Group: "docker"},
		"1000:1:0":             {Kind: "uid", UID: id(1000), Group: "1:0"},
		"app":                  {Kind: "name", Name: "app"},
		"app:1000":             {Kind: "name", Name: "app", GID: id(1000), Group: "1000"},
		"app:staff":            {Kind: "name", Name: "app", Group: "staff"},
		" 0":                   {Kind: "name", Name: " 0"},
		"0x0":                  {Kind: "name", Name: "0x0"},
		"99999999999999999999": {Kind: "name", Name: "99999999999999999999"},
		"2147483647":           {Kind: "uid", UID: id(2147483647)},
		"2147483648":           {Kind: "odd", UID: id(2147483648)},
		"4294967296":           {Kind: "odd", UID: id(4294967296)},
		"1000:4294967296":      {Kind: "odd", UID: id(1000), GID: id(4294967296), Group: "4294967296"},
	} {
		want.Value, want.Field = value, "User"
		if diff := cmp.Diff(want, parseUser(value, "User")); diff != "" {
			t.Errorf("%q: %s", value, diff)
		}
	}
}

// TestGroupsThatSomeReaderTakesAsNames: containerd looks what it does not read as a number up as a name.
func TestGroupsThatSomeReaderTakesAsNames(t *testing.T) {
	for value, want := range map[string]int64{"0": 0, "+0": 0, "00": 0, "-1": -1, "1000": 1000, "2147483647": 2147483647} {
		if gid := parseGroups([]string{value}, "G")[0].GID; gid == nil || *gid != want {
			t.Errorf("%s: %v, want %d", value, gid, want)
		}
	}
	for _, value := range []string{"docker", "+1000", "01000", "2147483648", "4294967296", ""} {
		if gid := parseGroups([]string{value}, "G")[0].GID; gid != nil {
			t.Errorf("%q: %d, want none", value, *gid)
		}
	}
}

func TestStarting(t *testing.T) {
	starting := map[string]bool{}
	for _, op := range routes {
		if doc := FromRequest(Request{Method: op.method, URI: op.path}); doc.Starting {
			starting[doc.Operation] = true
		}
	}
	want := map[string]bool{"ContainerStart": true, "ContainerRestart": true, "ContainerUnpause": true}
	if diff := cmp.Diff(want, starting); diff != "" {
		t.Error(diff)
	}
}

func TestMounts(t *testing.T) {
	c := create(t, `{"Binds":["/./etc//x/../:/h","name:/d","/only","/a:/b:ro,rshared","a:b:c:d"],
		"Mounts":[{"Type":"bind","Source":"/tmp/../etc","Target":"/h/","ReadOnly":true,"BindOptions":{"Propagation":"rslave","CreateMountpoint":true,"NonRecursive":true}},
		{"Type":"tmpfs","Target":"/t","TmpfsOptions":{"Options":[["exec"],["size","1m"]]}},
		{"Type":"image","Source":"evil.example/app:1","Target":"/i","ImageOptions":{"Subpath":"s"}},
		{"Type":"npipe","Source":"x","Target":"/n"}],
		"Tmpfs":{"/t2":"exec,suid"}}`)
	want := []Mount{
		{Type: "bind", Source: "/etc", Target: "/h", CreateSource: true, Field: "HostConfig.Binds[0]"},
		{Type: "volume", Source: "name", Target: "/d", Field: "HostConfig.Binds[1]"},
		{Type: "volume", Target: "/only", Field: "HostConfig.Binds[2]"},
		{Type: "bind", Source: "/a", Target: "/b", CreateSource: true, ReadOnly: true, Propagation: "rshared", Options: []string{"ro", "rshared"}, Field: "HostConfig.Binds[3]"},
		{Type: "volume", Source: "a", Target: "b", Options: []string{"c"}, Field: "HostConfig.Binds[4]"},
		{Type: "bind", Source: "/etc", Target: "/h", ReadOnly: true, Propagation: "rslave", CreateSource: true, Submounts: "non_recursive", Field: "HostConfig.Mounts[0]"},
		{Type: "tmpfs", Target: "/t", Options: []string{"exec", "size=1m"}, Field: "HostConfig.Mounts[1]"},
		{Type: "image", Source: "evil.example/app:1", Target: "/i", Subpath: "s", Field: "HostConfig.Mounts[2]"},
		{Type: "npipe", Source: "x", Target: "/n", Field: "HostConfig.Mounts[3]"},
		{Type: "tmpfs", Target: "/t2", Options: []string{"exec", "suid"}, Field: `HostConfig.Tmpfs["/t2"]`},
	}
	for i := range want {
		if want[i].Options == nil {
			want[i].Options = []string{}
		}
	}
	if diff := cmp.Diff(want, c.Mounts); diff != "" {
		t.Error(diff)
	}
}

func TestVolumes(t *testing.T) {
	doc := createBodyOf(t, `{"Image":"a","HostConfig":{"VolumeDriver":"evil/x","Mounts":[
		{"Type":"volume","Source":"v","Target":"/v","VolumeOptions":{"DriverConfig":{"Options":{"type":"overlay","device":"overlay","o":"noatime,lowerdir=/etc:/usr/../root,upperdir=/tmp/u"}}}},
		{"Type":"volume","Source":"w","Target":"/w","VolumeOptions":{"DriverConfig":{"Options":{"device":"etc","o":"rbind,ro"}}}},
		{"Type":"cluster","Source":"csi","Target":"/c"},{"Type":"volume","Source":"plain","Target":"/p"}]}}`)
	var got []string
	for _, v := range doc.Volumes {
		got = append(got, v.Field+" "+v.Driver+" "+strings.Join(v.HostPaths, " "))
	}
	want := []string{"HostConfig.Mounts[0].VolumeOptions.DriverConfig  /etc /root /tmp/u", "HostConfig.Mounts[1].VolumeOptions.DriverConfig  /etc", "HostConfig.Mounts[2]  ", "HostConfig.VolumeDriver evil/x "}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestCapabilities(t *testing.T) {
	c := create(t, `{"CapAdd":["cap_sys_admin","Net_Admin","ſys_time"],"CapDrop":["all"]}`)
	if diff := cmp.Diff([]string{"NET_ADMIN", "SYS_ADMIN", "SYS_TIME"}, c.Capabilities.Effective); diff != "" {
		t.Error(diff)
	}
	c = create(t, `{"CapDrop":["CAP_NET_RAW"]}`)
	if len(c.Capabilities.Effective) != len(defaultCapabilities)-1 {
		t.Errorf("effective %v", c.Capabilities.Effective)
	}
	for _, all := range []string{`{"CapAdd":"ALL"}`, `{"Privileged":true}`} {
		if diff := cmp.Diff([]string{"ALL"}, create(t, all).Capabilities.Effective); diff != "" {
			t.Errorf("%s: %s", all, diff)
		}
	}
}

func TestSecurityOpt(t *testing.T) {
	s := create(t, `{"SecurityOpt":["no-new-privileges","no-new-privileges:0","label:disable","label=type:spc_t","disable","apparmor:unconfined","seccomp=builtin","seccomp:unconfined","seccomp=builtin","writable-cgroups","systempaths=unconfined","no-new-privileges=maybe","seccomp:a=b"],
		"MaskedPaths":[],"ReadonlyPaths":["/proc/bus","/proc/fs","/proc/irq","/proc/sys","/proc/sysrq-trigger"]}`).Security
	if s.NoNewPrivileges.Value != "false" || len(s.NoNewPrivileges.Off) != 1 || s.NoNewPrivileges.Field != "HostConfig.SecurityOpt[1]" {
		t.Errorf("no-new-privileges %+v", s.NoNewPrivileges)
	}
	if s.Seccomp.Mode != "unconfined" || s.AppArmor.Value != "unconfined" || !s.WritableCgroups.Value {
		t.Errorf("seccomp %+v, apparmor %+v, writable cgroups %+v", s.Seccomp, s.AppArmor, s.WritableCgroups)
	}
	if diff := cmp.Diff([]string{"disable", "type:spc_t", "disable"}, values(s.Labels)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"systempaths=unconfined", "no-new-privileges=maybe", "seccomp:a=b"}, values(s.Unknown)); diff != "" {
		t.Error(diff)
	}
	if !s.MaskedPaths.Set || len(s.MaskedPaths.Missing) != len(defaultMaskedPaths) || len(s.ReadonlyPaths.Missing) != 0 {
		t.Errorf("masked %+v, read-only %+v", s.MaskedPaths, s.ReadonlyPaths)
	}
	if unset := create(t, `{"MaskedPaths":null}`).Security.MaskedPaths; unset.Set {
		t.Errorf("null masked paths %+v", unset)
	}
}

func TestSeccompProfiles(t *testing.T) {
	own, err := json.Marshal(seccomp.DefaultProfile())
	if err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		profile, mode string
		weaker        []string
	}{
		"the engine's own":  {string(own), "profile", nil},
		"stricter":          {`{"defaultAction":"SCMP_ACT_ERRNO","syscalls":[{"names":["read","write"],"action":"SCMP_ACT_ALLOW"}]}`, "profile", nil},
		"allows everything": {`{"defaultAction":"SCMP_ACT_ALLOW"}`, "profile", []string{"defaultAction SCMP_ACT_ALLOW"}},
		"logs everything":   {`{"defaultAction":"SCMP_ACT_LOG"}`, "profile", []string{"defaultAction SCMP_ACT_LOG"}},
		"one call more":     {`{"defaultAction":"SCMP_ACT_ERRNO","syscalls":[{"names":["read","bpf"],"action":"SCMP_ACT_ALLOW"}]}`, "profile", []string{"bpf"}},
		"old spelling":      {`{"defaultAction":"SCMP_ACT_ERRNO","syscalls":[{"name":"mount","action":"SCMP_ACT_TRACE"}]}`, "profile", []string{"mount"}},
		"condition dropped": {`{"defaultAction":"SCMP_ACT_ERRNO","syscalls":[{"names":["personality"],"action":"SCMP_ACT_ALLOW"}]}`, "profile", []string{"personality"}},
		"empty":             {`{}`, "unconfined", nil},
		"null":              {`null`, "unconfined", nil},
		"not a profile":     {`/etc/profile.json`, "invalid", nil},
	} {
		t.Run(name, func(t *testing.T) {
			opt, _ := json.Marshal([]string{"seccomp=" + tc.profile})
			got := create(t, `{"SecurityOpt":`+string(opt)+`}`).Security.Seccomp
			if diff := cmp.Diff(append([]string{}, tc.weaker...), got.Weaker); got.Mode != tc.mode || diff != "" {
				t.Errorf("mode %s, want %s; %s", got.Mode, tc.mode, diff)
			}
		})
	}
}

func TestNamespaces(t *testing.T) {
	ns := create(t, `{"PidMode":"host","IpcMode":"container:db","NetworkMode":"container:","UTSMode":"Host","UsernsMode":"host","CgroupnsMode":"private","Cgroup":"container:x"}`).Namespaces
	got := []string{ns.PID.Mode, ns.IPC.Mode + " " + ns.IPC.Container, ns.Network.Mode, ns.UTS.Mode, ns.User.Mode, ns.Cgroup.Mode, ns.Join.Container}
	want := []string{"host", "container db", "container", "other", "host", "private", "x"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for value, mode := range map[string]string{"": "", "default": "default", "bridge": "bridge", "none": "none", "host": "host", "front": "network", "HOST": "network", "private": "network"} {
		if got := networkNamespace(value, "f").Mode; got != mode {
			t.Errorf("network %q is %q, want %q", value, got, mode)
		}
	}
}

func TestPorts(t *testing.T) {
	c := create(t, `{"PortBindings":{"80/tcp":[{"HostIp":"","HostPort":""},{"HostIp":"127.0.0.1","HostPort":"80-90"}],"53/udp":[],"9":[{"HostPort":"x"}]}}`)
	want := []Port{
		{Container: 53, Protocol: "udp", Field: `HostConfig.PortBindings["53/udp"]`},
		{Container: 80, Protocol: "tcp", Field: `HostConfig.PortBindings["80/tcp"][0]`},
		{Container: 80, Protocol: "tcp", HostIP: "127.0.0.1", HostFirst: 80, HostLast: 90, Field: `HostConfig.PortBindings["80/tcp"][1]`},
		{Container: 9, Protocol: "tcp", HostFirst: -1, HostLast: -1, Field: `HostConfig.PortBindings["9/tcp"][0]`},
	}
	if diff := cmp.Diff(want, c.Ports); diff != "" {
		t.Error(diff)
	}
}

func TestEnvValuesStayOut(t *testing.T) {
	doc := createBodyOf(t, `{"Image":"a","Env":["TOKEN=sesame","PLAIN"]}`)
	text, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(text), "sesame") {
		t.Errorf("the document has an Env value: %s", text)
	}
	if diff := cmp.Diff([]string{"TOKEN", "PLAIN"}, doc.Container.EnvNames); diff != "" {
		t.Error(diff)
	}
}

func TestService(t *testing.T) {
	profile := base64.StdEncoding.EncodeToString([]byte(`{"defaultAction":"SCMP_ACT_ALLOW"}`))
	doc := FromRequest(Request{Method: "POST", URI: "/v1.43/services/create?rollback=previous", Body: []byte(`{"Name":"s","TaskTemplate":{
		"ContainerSpec":{"Image":"evil.example/app","User":"0","Env":["A=b"],"CapabilityAdd":["ALL"],"Mounts":[{"Type":"bind","Source":"/","Target":"/h"}],
			"Privileges":{"NoNewPrivileges":true,"Seccomp":{"Mode":"custom","Profile":"` + profile + `"},"AppArmor":{"Mode":"disabled"},"SELinuxContext":{"Disable":true}}},
		"Resources":{"Limits":{"MemoryBytes":5,"Pids":7}},"LogDriver":{"Name":"syslog","Options":{"syslog-address":"x"}}},
		"EndpointSpec":{"Ports":[{"PublishedPort":80,"TargetPort":8080}]},"Networks":[{"Target":"host"}]}`)})
	c := doc.Container
	if len(doc.Anomalies) > 0 || c == nil {
		t.Fatal(doc.Anomalies)
	}
	got := []any{c.Image.Registry, *c.User.UID, c.Capabilities.Effective, c.Mounts[0].Source, c.Mounts[0].Field,
		c.Security.Seccomp.Weaker, c.Security.AppArmor.Value, values(c.Security.Labels), *c.Resources.Memory, *c.Resources.PidsLimit,
		c.Log.Driver.Value, c.Ports[0].HostFirst, c.Namespaces.Network.Mode, c.Namespaces.Network.Field, doc.Service.Rollback.Value, values(doc.Service.Dropped)}
	want := []any{"evil.example", int64(0), []string{"ALL"}, "/", "TaskTemplate.ContainerSpec.Mounts[0]",
		[]string{"defaultAction SCMP_ACT_ALLOW"}, "unconfined", []string{"disable"}, int64(5), int64(7),
		"syslog", 80, "host", "Networks[0]", "previous", []string{"ContainerSpec.Privileges.NoNewPrivileges", "ContainerSpec.Privileges.Seccomp", "ContainerSpec.Privileges.AppArmor"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestServiceMountsAsTheEngineReadsThem: the engine takes a type and a
// propagation in any case, and a mount without a type for a bind.
func TestServiceMountsAsTheEngineReadsThem(t *testing.T) {
	doc := FromRequest(Request{Method: "POST", URI: "/v1.45/services/create", Body: []byte(`{"TaskTemplate":{"ContainerSpec":{"Mounts":[
		{"Type":"BIND","Source":"/etc/","Target":"/a","BindOptions":{"Propagation":"RShared"}},
		{"Source":"/etc","Target":"/b"},
		{"Type":"bınd","Source":"/etc","Target":"/c"},
		{"Type":"Cluster","Source":"v","Target":"/d"}]}}}`)})
	var got []string
	for _, m := range doc.Container.Mounts {
		got = append(got, m.Type+" "+m.Source+" "+m.Propagation)
	}
	want := []string{"bind /etc rshared", "bind /etc ", "bind /etc ", "cluster v "}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if len(doc.Volumes) != 1 || !doc.Volumes[0].Cluster {
		t.Errorf("the volumes are %+v", doc.Volumes)
	}
}

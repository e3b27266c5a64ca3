package facts

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bulwark-authz/bulwark/plugin/input"
)

// fakeEngine answers inspections, and remembers what it was asked.
type fakeEngine struct {
	mu      sync.Mutex
	objects map[string]string // path: JSON
	asked   []string
	wait    time.Duration
	asks    *Gatherer // what is asked about each request, nil for nothing
}

func (f *fakeEngine) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	question := r.URL.Path
	if r.URL.RawQuery != "" {
		question = r.Method + " " + r.URL.RequestURI()
	}
	f.asked = append(f.asked, question)
	object, found := f.objects[question]
	asks := f.asks
	f.mu.Unlock()
	if !found && question == "GET /containers/json?all=1" {
		object, found = "[]", true
	}
	asks.Own(r.Method, map[string]string{TokenHeader: r.Header.Get(TokenHeader)})
	time.Sleep(f.wait)
	if state, found := strings.CutPrefix(object, "HEAD "); found {
		w.Header().Set(pathStateHeader, state)
		object = ""
	}
	switch {
	case r.Header.Get(TokenHeader) == "":
		http.Error(w, "no token", http.StatusForbidden)
	case !found:
		http.Error(w, `{"message":"no such object"}`, http.StatusNotFound)
	case object == "400":
		http.Error(w, "ambiguous", http.StatusBadRequest)
	case object == "500":
		http.Error(w, "broken", http.StatusInternalServerError)
	default:
		fmt.Fprint(w, object)
	}
}

func (f *fakeEngine) questions() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.asked)
}

// serve starts a fake engine and a gatherer that asks it, with an empty host.
func serve(t *testing.T, objects map[string]string) (*Gatherer, *fakeEngine) {
	t.Helper()
	t.Chdir(t.TempDir()) // a socket's path is short: at most 107 bytes
	const socket = "engine.sock"
	listener, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	fake := &fakeEngine{objects: objects}
	server := &http.Server{Handler: fake, ReadHeaderTimeout: time.Second}
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() { _ = server.Close() })
	return NewGatherer(NewEngine("", socket), Host{Root: t.TempDir()}), fake
}

func gather(g *Gatherer, method, uri, body string) input.Document {
	req := input.Request{Method: method, URI: uri}
	if body != "" {
		req.Body = []byte(body)
	}
	doc := input.FromRequest(req)
	g.Gather(context.Background(), &doc)
	return doc
}

func TestGatherAsksOnlyWhatIsNeeded(t *testing.T) {
	for _, tc := range []struct {
		name, method, uri, body string
		most                    int
	}{
		{"a read", "GET", "/containers/json", "", 0},
		{"an inspection", "GET", "/containers/web/json", "", 0},
		{"a stop", "POST", "/containers/web/stop", "", 0},
		{"a pull", "POST", "/images/create?fromImage=busybox", "", 0},
		{"an ordinary create", "POST", "/containers/create", `{"Image":"nginx","User":"1000"}`, 1},
		{"a start", "POST", "/containers/web/start", "", 2},
		{"an exec", "POST", "/containers/web/exec", `{"Cmd":["id"]}`, 1},
		{"an exec by name", "POST", "/containers/web/exec", `{"User":"app","Cmd":["id"]}`, 1},
		{"a plugin", "POST", "/plugins/sshfs/disable", "", 1},
		{"a node", "POST", "/nodes/n1/update", `{"Role":"worker"}`, 1},
		{"a joined container", "POST", "/containers/create", `{"Image":"nginx","HostConfig":{"NetworkMode":"container:web","PidMode":"container:web"}}`, 2},
	} {
		g, fake := serve(t, nil)
		gather(g, tc.method, tc.uri, tc.body)
		if n := fake.questions(); n > tc.most {
			t.Errorf("%s: asked %v, want at most %d questions", tc.name, fake.asked, tc.most)
		}
	}
}

func TestImageFact(t *testing.T) {
	g, _ := serve(t, map[string]string{
		"/images/busybox/json": `{"Id":"sha256:3ea8","RepoTags":["busybox:latest"],"RepoDigests":["evil.example/a@sha256:` + strings.Repeat("3e", 32) + `"],"Config":{"User":"1000","Labels":{"team":"one"}}}`,
		"/images/pulled/json": `{"Id":"sha256:4","RepoTags":["busybox:latest"],"RepoDigests":["busybox@sha256:` + strings.Repeat("3e", 32) + `"],"Descriptor":{"size":1},
			"Identity":{"Pull":[{"Repository":"evil.example/a"}]},"Config":null}`,
		"/images/port/json": `{"Id":"sha256:6","RepoTags":["localhost:5000/good/a:1","busybox:latest"],"Descriptor":{"size":1},
			"Identity":{"Pull":[{"Repository":"localhost/good/a"},{"Repository":"localhost/good/b"}]},"Config":null}`,
		"/images/made/json":   `{"Id":"sha256:5","RepoTags":["busybox:latest"],"RepoDigests":["evil.example/a@sha256:` + strings.Repeat("3e", 32) + `"],"Descriptor":{"size":1},"Config":null}`,
		"/images/da02/json":   `{"Id":"sha256:da02","RepoTags":["registry.example.com/a:1","registry.example.com/a:2"],"RepoDigests":[],"Config":null}`,
		"/images/broken/json": `{"Id":`,
		"/images/500/json":    `500`,
		"/images/400/json":    `400`,
	})
	uid := int64(1000)
	for name, want := range map[string]input.ImageFact{
		"busybox": {State: input.Found, ID: "sha256:3ea8", Origins: []string{"evil.example/a"}, Pulled: true, Labels: map[string]string{"team": "one"},
			User: input.UserSpec{Value: "1000", Field: "User", Kind: "uid", UID: &uid}},
		"da02": {State: input.Found, ID: "sha256:da02", Origins: []string{"registry.example.com/a"},
			User: input.UserSpec{Field: "User", Kind: "absent"}},
		// Containerd's store makes digests up of names.
		"pulled": {State: input.Found, ID: "sha256:4", Origins: []string{"evil.example/a"}, Pulled: true,
			User: input.UserSpec{Field: "User", Kind: "absent"}},
		"port": {State: input.Found, ID: "sha256:6", Origins: []string{"localhost/good/b", "localhost:5000/good/a"}, Pulled: true,
			User: input.UserSpec{Field: "User", Kind: "absent"}},
		"made": {State: input.Found, ID: "sha256:5", Origins: []string{"docker.io/library/busybox"},
			User: input.UserSpec{Field: "User", Kind: "absent"}},
		"400":    {State: input.Missing, Origins: []string{}, User: input.UserSpec{Field: "User", Kind: "absent"}},
		"none":   {State: input.Missing, Origins: []string{}, User: input.UserSpec{Field: "User", Kind: "absent"}},
		"broken": {State: input.Unknown, Reason: "reading the engine's answer: unexpected end of JSON input", Origins: []string{}, User: input.UserSpec{Field: "User", Kind: "absent"}},
		"500":    {State: input.Unknown, Reason: "asking the engine: it answers 500 Internal Server Error", Origins: []string{}, User: input.UserSpec{Field: "User", Kind: "absent"}},
	} {
		if want.Labels == nil {
			want.Labels = map[string]string{} // never null
		}
		doc := gather(g, "POST", "/containers/create", `{"Image":"`+name+`"}`)
		if diff := cmp.Diff(map[string]input.ImageFact{name: want}, doc.Facts.Images); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestNamedVolumesShowTheirOptions(t *testing.T) {
	g, _ := serve(t, map[string]string{
		"/volumes/disguised": `{"Name":"disguised","Driver":"local","Options":{"type":"none","o":"bind","device":"/etc"}}`,
		"/volumes/plain":     `{"Name":"plain","Driver":"local","Options":null}`,
	})
	doc := gather(g, "POST", "/containers/create", `{"Image":"a","HostConfig":{"Binds":["disguised:/d","plain:/p","new:/n"]}}`)
	states := map[string]input.State{}
	for name, fact := range doc.Facts.Volumes {
		states[name] = fact.State
	}
	if diff := cmp.Diff(map[string]input.State{"disguised": input.Found, "plain": input.Found, "new": input.Missing}, states); diff != "" {
		t.Error(diff)
	}
	paths := map[string][]string{}
	for _, v := range doc.Volumes {
		paths[v.Name] = v.HostPaths
	}
	if diff := cmp.Diff(map[string][]string{"disguised": {"/etc"}, "plain": {}}, paths); diff != "" {
		t.Error(diff)
	}
}

func TestVolumesFromBringTheirMounts(t *testing.T) {
	g, _ := serve(t, map[string]string{
		"/containers/db/json": `{"Id":"1","Config":{"User":"5"},"HostConfig":{},"Mounts":[
			{"Type":"bind","Source":"/etc","Destination":"/x","RW":true,"Propagation":"rprivate"},{"Type":"volume","Name":"v","Source":"/var/lib/docker/volumes/v/_data","Destination":"/v","RW":true}]}`,
		"/volumes/v": `{"Name":"v","Driver":"local","Options":{"device":"/root","o":"bind"}}`,
	})
	doc := gather(g, "POST", "/containers/create", `{"Image":"a","HostConfig":{"VolumesFrom":["db:ro"]}}`)
	want := []input.Mount{
		{Type: "bind", Source: "/etc", Target: "/x", ReadOnly: true, Propagation: "rprivate", Options: []string{}, Field: "HostConfig.VolumesFrom[0]"},
		{Type: "volume", Source: "v", Target: "/v", ReadOnly: true, Options: []string{}, Field: "HostConfig.VolumesFrom[0]"},
	}
	if diff := cmp.Diff(want, doc.Container.Mounts); diff != "" {
		t.Error(diff)
	}
	if len(doc.Volumes) != 1 || doc.Volumes[0].HostPaths[0] != "/root" || doc.Facts.Containers["db"].State != input.Found {
		t.Errorf("volumes %v, containers %v", doc.Volumes, doc.Facts.Containers)
	}
}

// TestStartIsJudgedAsCreate shows a container that is older than the plugin.
func TestStartIsJudgedAsCreate(t *testing.T) {
	g, _ := serve(t, map[string]string{
		"/containers/old/json": `{"Id":"1","Name":"/old","Config":{"Image":"evil.example/app","User":""},
			"HostConfig":{"Privileged":true,"Binds":["/:/h"],"NetworkMode":"default","CgroupnsMode":"host","MaskedPaths":null},"NetworkSettings":{"Networks":{"front":{}}}}`,
	})
	for _, uri := range []string{"/v1.41/containers/old/start", "/containers/old/restart", "/containers/old/unpause"} {
		doc := gather(g, "POST", uri, "")
		c := doc.Container
		if c == nil || !c.Privileged.Value || c.Mounts[0].Source != "/" || c.User.Kind != "absent" || doc.Images[0].Registry != "evil.example" {
			t.Fatalf("%s: container %+v", uri, c)
		}
		if doc.Facts.Networks["front"].State != input.Missing {
			t.Errorf("%s: networks %v", uri, doc.Facts.Networks)
		}
	}
	if doc := gather(g, "POST", "/containers/none/start", ""); doc.Container != nil || doc.Facts.Containers["none"].State != input.Missing {
		t.Errorf("a container that is not there: %+v", doc.Facts.Containers)
	}
}

func TestNoEngineMeansUnknownAndNoDelay(t *testing.T) {
	g := NewGatherer(NewEngine("", "/nonexistent/engine.sock"), Host{})
	started := time.Now()
	doc := gather(g, "POST", "/containers/create", `{"Image":"a","HostConfig":{"Binds":["v:/v"],"VolumesFrom":["c"]}}`)
	if took := time.Since(started); took > time.Second {
		t.Errorf("took %v", took)
	}
	if doc.Facts.Images["a"].State != input.Unknown || doc.Facts.Volumes["v"].State != input.Unknown || doc.Facts.Containers["c"].State != input.Unknown {
		t.Errorf("facts %+v", doc.Facts)
	}
	if reason := doc.Facts.Images["a"].Reason; reason != "asking the engine: dial unix /nonexistent/engine.sock: connect: no such file or directory" {
		t.Errorf("reason %q", reason)
	}
}

func TestSlowEngineEndsInTime(t *testing.T) {
	g, fake := serve(t, nil)
	fake.wait = 5 * time.Second
	started := time.Now()
	doc := gather(g, "POST", "/containers/web/start", "")
	if took := time.Since(started); took > 2*time.Second {
		t.Errorf("took %v", took)
	}
	if fact := doc.Facts.Containers["web"]; fact.State != input.Unknown || fact.Reason == "" {
		t.Errorf("fact %+v", fact)
	}
}

func TestTooManyNamesAreNotAskedAbout(t *testing.T) {
	g, fake := serve(t, nil)
	var binds []string
	for i := range 1000 {
		binds = append(binds, fmt.Sprintf(`"v%d:/v%d"`, i, i))
	}
	doc := gather(g, "POST", "/containers/create", `{"Image":"a","HostConfig":{"Binds":[`+strings.Join(binds, ",")+`]}}`)
	if n := fake.questions(); n > mostNames+1 {
		t.Errorf("asked %d questions", n)
	}
	unknown := 0
	for _, fact := range doc.Facts.Volumes {
		if fact.State == input.Unknown {
			unknown++
		}
	}
	if len(doc.Facts.Volumes) != 1000 || unknown != 1000-mostNames {
		t.Errorf("%d facts, %d unknown", len(doc.Facts.Volumes), unknown)
	}
}

func TestPathsAreFollowedInTheHostsRoot(t *testing.T) {
	root := t.TempDir()
	for _, dir := range []string{"srv/data", "etc", "run"} {
		if err := os.MkdirAll(filepath.Join(root, dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for link, target := range map[string]string{"srv/data/up": "/", "srv/data/etc": "../../etc", "srv/data/out": "../../../../../../etc", "srv/data/in": "../data", "loop": "loop", "var": "run"} {
		if err := os.Symlink(target, filepath.Join(root, link)); err != nil {
			t.Fatal(err)
		}
	}
	host := Host{Root: root}
	for path, want := range map[string]string{
		"/srv/data": "/srv/data", "/srv/data/up": "/", "/srv/data/up/etc/x": "/etc/x", "/srv/data/etc": "/etc",
		"/srv/data/out": "/etc", "/srv/data/in/new": "/srv/data/new", "/var/docker.sock": "/run/docker.sock", "/none/at/all": "/none/at/all",
	} {
		if fact := host.follow(path); fact.State != input.Found || fact.Resolved != want {
			t.Errorf("%s: %+v, want %s", path, fact, want)
		}
	}
	for _, path := range []string{"/loop/x", "relative"} {
		if fact := host.follow(path); fact.State != input.Unknown || fact.Reason == "" {
			t.Errorf("%s: %+v", path, fact)
		}
	}
}

func TestOwn(t *testing.T) {
	g, _ := serve(t, nil)
	g.engine.under.Store("1", new(atomic.Bool))
	token := g.engine.token + "1"
	for name, tc := range map[string]struct {
		gatherer *Gatherer
		method   string
		headers  map[string]string
		want     bool
	}{
		"its own":         {g, "GET", map[string]string{TokenHeader: token}, true},
		"only looks":      {g, "HEAD", map[string]string{TokenHeader: token}, true},
		"changes nothing": {g, "POST", map[string]string{TokenHeader: token}, false},
		"another token":   {g, "GET", map[string]string{TokenHeader: "x" + token[1:]}, false},
		"not under way":   {g, "GET", map[string]string{TokenHeader: token + "x"}, false},
		"no look-up":      {g, "GET", map[string]string{TokenHeader: g.engine.token}, false},
		"no token":        {g, "GET", nil, false},
		"an empty token":  {g, "GET", map[string]string{TokenHeader: ""}, false},
		"no engine":       {NewGatherer(nil, Host{}), "GET", map[string]string{TokenHeader: ""}, false},
		"no gatherer":     {nil, "GET", map[string]string{TokenHeader: token}, false},
	} {
		if got := tc.gatherer.Own(tc.method, tc.headers); got != tc.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// TestOnlyTheAskerIsBelieved has a socket on which not the engine listens, or
// another one: what it says of objects that it does not know clears nothing.
func TestOnlyTheAskerIsBelieved(t *testing.T) {
	g, fake := serve(t, map[string]string{"/images/a/json": `{"Id":"sha256:1","Config":{"User":"1000"}}`})
	g.engine.OnlyAsker()
	const reason = "asking the engine: what listens there is not the engine that asks Bulwark; BULWARK_ENGINE must name that one's socket"
	for _, image := range []string{"a", "none"} {
		fact := gather(g, "POST", "/containers/create", `{"Image":"`+image+`"}`).Facts.Images[image]
		if fact.State != input.Unknown || fact.Reason != reason {
			t.Errorf("%s: %+v", image, fact)
		}
	}
	fake.mu.Lock()
	fake.asks = g // as the engine that asks does
	fake.mu.Unlock()
	for image, want := range map[string]input.State{"a": input.Found, "none": input.Missing} {
		if fact := gather(g, "POST", "/containers/create", `{"Image":"`+image+`"}`).Facts.Images[image]; fact.State != want {
			t.Errorf("%s: %+v", image, fact)
		}
	}
}

func TestSocketIsALinkOfTheHost(t *testing.T) {
	g, _ := serve(t, map[string]string{"/_ping": "OK"})
	root, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("/engine.sock", "link.sock"); err != nil {
		t.Fatal(err)
	}
	g.engine = NewEngine(root, "/link.sock")
	if err := g.Ping(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestStartHasTheStoredMounts is about a container made with --volumes-from one that is gone since, or whose name
// another one has now: the engine mounts what it stored.
func TestStartHasTheStoredMounts(t *testing.T) {
	g, fake := serve(t, map[string]string{
		"/containers/web/json": `{"Id":"1","Config":{"Image":"a","Volumes":{"/anon":{}}},"HostConfig":{"Binds":["/srv:/s/","v:/v"],"VolumesFrom":["db"]},"Mounts":[
			{"Type":"bind","Source":"/srv","Destination":"/s","RW":true},{"Type":"volume","Name":"v","Destination":"/v","RW":true},
			{"Type":"volume","Name":"3ea8","Destination":"/anon","RW":true},
			{"Type":"bind","Source":"/etc","Destination":"/x","RW":false},{"Type":"volume","Name":"w","Destination":"/w","RW":true}]}`,
		"/containers/db/json": `{"Id":"2","Config":{},"HostConfig":{},"Mounts":[]}`,
		"/volumes/w":          `{"Name":"w","Driver":"local","Options":{"device":"/root","o":"bind"}}`,
	})
	doc := gather(g, "POST", "/containers/web/start", "")
	var got []string
	for _, m := range doc.Container.Mounts {
		got = append(got, m.Type+" "+m.Source+":"+m.Target+" "+m.Field)
	}
	want := []string{"bind /srv:/s HostConfig.Binds[0]", "volume v:/v HostConfig.Binds[1]", `volume :/anon Volumes["/anon"]`,
		"volume 3ea8:/anon HostConfig.VolumesFrom", "bind /etc:/x HostConfig.VolumesFrom", "volume w:/w HostConfig.VolumesFrom"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if len(doc.Volumes) != 1 || doc.Volumes[0].HostPaths[0] != "/root" || doc.Facts.Paths["/etc"].State != input.Found {
		t.Errorf("volumes %v, paths %v", doc.Volumes, doc.Facts.Paths)
	}
	if slices.Contains(fake.asked, "/containers/db/json") {
		t.Errorf("asked %v", fake.asked)
	}
}

func TestLinksOfProcAreNotFollowed(t *testing.T) {
	root := t.TempDir()
	if err := os.Symlink("/proc/self/cwd", filepath.Join(root, "cwd")); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/proc/self/root/etc", "/proc/mounts", filepath.Join(root, "cwd/x")} {
		if fact := (Host{}).follow(path); fact.State != input.Unknown || !strings.Contains(fact.Reason, "a link of /proc") {
			t.Errorf("%s: %+v", path, fact)
		}
	}
	if fact := (Host{}).follow("/proc/sys"); fact.Resolved != "/proc/sys" {
		t.Errorf("%+v", fact)
	}
}

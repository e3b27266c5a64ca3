//go:build e2e

package e2e

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// TestFactsOfTheEngine is about where images came from, about plugins and about nodes of a swarm.
func TestFactsOfTheEngine(t *testing.T) {
	eachEngine(t, func(t *testing.T, e engine) {
		d := startDaemon(t, e)
		d.importImages(t)
		d.pullAndTag(t)
		d.makeOtherPlugins(t)
		d.mustDocker(t, "swarm", "init", "--advertise-addr", "127.0.0.1")
		d.write(t, "/etc/bulwark/settings.yaml", "rules: {untrusted_registry: {params: {trusted: [docker.io/library, \"localhost:5000/good\"]}}}\n")
		d.protect(t)
		t.Run("origins", func(t *testing.T) { testOrigins(t, d, e) })
		t.Run("plugins", func(t *testing.T) { testOtherPlugins(t, d) })
		t.Run("nodes", func(t *testing.T) { testNodes(t, d) })
	})
}

// pullAndTag pulls images from a trusted and an untrusted repository, and gives the latter trusted names.
func (d *daemon) pullAndTag(t *testing.T) {
	t.Helper()
	d.serveRegistry(t, "127.0.0.1:5000", busybox(t))
	for _, args := range []string{
		"pull localhost:5000/good/app:1", "pull localhost:5000/evil/app:1", "pull localhost:5000/evil/gone:1",
		"tag localhost:5000/evil/app:1 laundered", "tag localhost:5000/evil/gone:1 forgotten", "rmi localhost:5000/evil/gone:1",
	} {
		d.mustDocker(t, strings.Fields(args)...)
	}
}

func testOrigins(t *testing.T, d *daemon, e engine) {
	d.passes(t, "run --rm --user 1000 --network none busybox true")
	d.passes(t, "run --rm --user 1000 --network none localhost:5000/good/app:1 true")
	d.fails(t, "run --rm --user 1000 --network none laundered true", "laundered_image: ", "was pulled from localhost:5000/evil/app and only tagged")
	d.fails(t, "run --rm --user 1000 --network none localhost:5000/evil/app:1 true", "untrusted_registry: ")
	d.fails(t, "tag localhost:5000/evil/app:1 again", "image_writes: ", "as every name without a registry does")
	id := d.mustDocker(t, "image", "inspect", "--format", "{{.Id}}", "laundered")
	d.fails(t, "run --rm --user 1000 --network none "+id+" true", "untrusted_registry: ")
	if e.name == "20.10" {
		return // it forgets where an image came from with the last name that says so
	}
	d.fails(t, "run --rm --user 1000 --network none forgotten true", "laundered_image: ", "was pulled from localhost/evil/gone and only tagged")
}

// makeOtherPlugins makes a plugin for volumes, and one that decides on requests. Neither is ever started.
func (d *daemon) makeOtherPlugins(t *testing.T) {
	t.Helper()
	for name, kind := range map[string]string{"volumes": "volumedriver", "warden": "authz"} {
		dir := t.TempDir()
		if err := os.MkdirAll(dir+"/rootfs/"+name, 0o755); err != nil { // no two may be alike
			t.Fatal(err)
		}
		config := fmt.Sprintf(`{"description": "x", "entrypoint": ["/x"], "interface": {"types": ["docker.%s/1.0"], "socket": "x.sock"},
			"env": [{"name": "A", "settable": ["value"]}], "network": {"type": "none"}}`, kind)
		if err := os.WriteFile(dir+"/config.json", []byte(config), 0o644); err != nil {
			t.Fatal(err)
		}
		d.mustDocker(t, "plugin", "create", name, dir)
	}
}

func testOtherPlugins(t *testing.T, d *daemon) {
	id := func(name string) string { return d.mustDocker(t, "plugin", "inspect", "--format", "{{.ID}}", name) }
	for _, name := range []string{"bulwark", id("bulwark"), id("bulwark")[:12]} {
		d.fails(t, "plugin disable "+name, "self_protection: ", "is Bulwark, and would be disabled")
		d.fails(t, "plugin rm --force "+name, "self_protection: ", "is Bulwark, and would be removed")
	}
	d.fails(t, "plugin rm warden", "self_protection: ", "decides on requests, too")
	d.fails(t, "plugin set volumes A=1", "plugin_installation: ")
	d.fails(t, "plugin rm nobody", "self_protection: ")
	if got := d.docker(t, "plugin", "disable", "volumes"); !strings.Contains(got.stderr, "already disabled") {
		t.Errorf("disabling another plugin: want the engine's own answer, got %s", got)
	}
	d.passes(t, "plugin rm "+id("volumes")[:12])
}

func testNodes(t *testing.T, d *daemon) {
	node := d.mustDocker(t, "info", "--format", "{{.Swarm.NodeID}}")
	d.passes(t, "node update --availability drain "+node)
	d.passes(t, "node update --label-add a=b "+node)
	promote := request{method: "POST", uri: "/v1.41/nodes/nobody/update?version=1", headers: typedJSON, body: `{"Role":"manager","Availability":"active"}`}
	if got, err := d.send(promote); err != nil || got.status != http.StatusForbidden || !strings.Contains(got.body, "node_role: ") {
		t.Errorf("a node that is not known to be a manager: %d %s, %v", got.status, got.body, err)
	}
}

// serveRegistry serves an image under every name, to those who pull, on the host's loopback interface.
func (d *daemon) serveRegistry(t *testing.T, address, content string) {
	t.Helper()
	var layer bytes.Buffer
	w := gzip.NewWriter(&layer)
	if _, err := io.WriteString(w, content); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: registry(content, layer.Bytes())}
	listener := d.listen(t, address)
	go func() { _ = server.Serve(listener) }() // until it is closed
	t.Cleanup(func() { _ = server.Close() })
}

// listen listens in the host's network.
func (h *host) listen(t *testing.T, address string) net.Listener {
	t.Helper()
	var listener net.Listener
	err := make(chan error)
	go func() {
		runtime.LockOSThread() // and never unlocked: the thread ends with this function
		network, e := os.Open("/proc/" + strconv.Itoa(h.first) + "/ns/net")
		if e == nil {
			defer network.Close()
			e = unix.Setns(int(network.Fd()), unix.CLONE_NEWNET)
		}
		if e == nil {
			listener, e = net.Listen("tcp", address)
		}
		err <- e
	}()
	if e := <-err; e != nil {
		t.Fatalf("listening on the host's %s: %v", address, e)
	}
	return listener
}

// registry is an http.Handler with an image of one layer. Each repository has a config, and so a digest, of its own.
func registry(content string, layer []byte) http.HandlerFunc {
	digest := func(b []byte) string { return fmt.Sprintf("sha256:%x", sha256.Sum256(b)) }
	const media = "application/vnd.docker."
	return func(w http.ResponseWriter, r *http.Request) {
		repository, object, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/v2/"), "/manifests/")
		repository, _, _ = strings.Cut(repository, "/blobs/")
		config := fmt.Appendf(nil, `{"architecture":%q,"os":"linux","config":{"Labels":{"from":%q}},"rootfs":{"type":"layers","diff_ids":[%q]}}`,
			runtime.GOARCH, repository, digest([]byte(content)))
		manifest := fmt.Appendf(nil, `{"schemaVersion":2,"mediaType":"%sdistribution.manifest.v2+json",
			"config":{"mediaType":"%scontainer.image.v1+json","size":%d,"digest":%q},
			"layers":[{"mediaType":"%simage.rootfs.diff.tar.gzip","size":%d,"digest":%q}]}`,
			media, media, len(config), digest(config), media, len(layer), digest(layer))
		body, kind := []byte("{}"), "application/json"
		switch path := r.URL.Path; {
		case object != "":
			body, kind = manifest, media+"distribution.manifest.v2+json"
		case strings.HasSuffix(path, digest(config)):
			body, kind = config, "application/octet-stream"
		case strings.HasSuffix(path, digest(layer)):
			body, kind = layer, "application/octet-stream"
		case path != "/v2/":
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", kind)
		w.Header().Set("Docker-Content-Digest", digest(body))
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		_, _ = w.Write(body) // of HEAD, net/http leaves it out
	}
}

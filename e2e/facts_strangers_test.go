//go:build e2e

package e2e

import (
	"context"
	"errors"
	"io/fs"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"testing"
	"time"
)

// lookupSocket is where the plugin looks for the engine; who listens there is up to a test.
const lookupSocket = "/run/lookups.sock"

// strangers listen where the engine should.
var strangers = map[string]http.HandlerFunc{
	"nobody":        nil,
	"never answers": func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
	"slow": func(w http.ResponseWriter, _ *http.Request) {
		for range 100 {
			time.Sleep(100 * time.Millisecond)
			_, _ = w.Write([]byte(" "))
			_ = http.NewResponseController(w).Flush()
		}
	},
	"fails":            func(w http.ResponseWriter, _ *http.Request) { http.Error(w, `{"message":"broken"}`, 500) },
	"garbage":          func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("\x00\xff{")) },
	"nothing":          func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("{}")) },
	"another program":  http.NotFound,
	"another engine":   func(w http.ResponseWriter, _ *http.Request) { http.Error(w, `{"message":"No such image"}`, 404) },
	"wants encryption": func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "HTTP request to an HTTPS server", 400) },
}

// TestFactsFromStrangers is about look-ups that the engine does not answer, or somebody else does: nothing is
// allowed because of them, and nothing hangs.
func TestFactsFromStrangers(t *testing.T) {
	eachEngine(t, func(t *testing.T, e engine) {
		d := startDaemon(t, e)
		d.importImages(t)
		d.makeOldObjects(t)
		d.mustDocker(t, "plugin", "create", "bulwark", pluginDir(t))
		d.mustDocker(t, "plugin", "set", "bulwark", "BULWARK_ENGINE="+lookupSocket)
		d.mustDocker(t, "plugin", "enable", "bulwark")
		d.reload(t, `{"authorization-plugins": ["bulwark"]}`)
		d.awaitProtection(t, true)
		d.checkLookups(t)
		for name, answer := range strangers {
			t.Run(name, func(t *testing.T) {
				if answer != nil {
					defer d.answerLookups(t, answer)()
				}
				for _, command := range []string{
					"run --rm --network none numbered id", "run --rm --network none rooted id",
					"run --rm --user 1000 --network none -v disguised:/x busybox true",
					"run --rm --user 1000 --network none --volumes-from old-bind busybox true",
					"run --rm --user 1000 --network container:powerful busybox true",
					"start old-privileged", "restart old-bind", "exec root-inside id", "cp powerful:/host/shadow -",
				} {
					started := time.Now()
					d.fails(t, command, "could not be looked up: ")
					if took := time.Since(started); took > 5*time.Second { // two for look-ups, and the command line's own
						t.Errorf("docker %s took %v", command, took)
					}
				}
				d.passes(t, "ps --all")
			})
		}
		d.checkLookups(t)
	})
}

// checkLookups lets the engine itself answer, and then takes its socket away.
func (d *daemon) checkLookups(t *testing.T) {
	t.Helper()
	engine := httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: "engine"})
	engine.Transport = &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", d.file(socket))
	}}
	defer d.answerLookups(t, engine.ServeHTTP)()
	d.passes(t, "run --rm --network none numbered id")
	d.fails(t, "run --rm --network none rooted id", "the image's own user is root")
}

// answerLookups listens where the plugin asks, until the returned function is called.
func (d *daemon) answerLookups(t *testing.T, answer http.HandlerFunc) func() {
	t.Helper()
	path := d.file(lookupSocket)
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	listener, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: answer}
	go func() { _ = server.Serve(listener) }() // until it is closed
	return func() { _ = server.Close() }
}

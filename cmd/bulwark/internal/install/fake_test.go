package install_test

import (
	"archive/tar"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/bulwark-authz/bulwark/cmd/bulwark/internal/daemonjson"
)

// fakeEngine is an engine as far as installing needs one. It is this test's own process: it takes the
// name dockerd, so that it may be sent SIGHUP, and then reads daemon.json as dockerd does. How its plugin
// behaves is the text of the plugin's program.
type fakeEngine struct {
	t          *testing.T
	dir        string
	mu         sync.Mutex
	plugin     *fakePlugin
	asked      bool // the engine asks the plugin about each request
	images     int
	containers int
}

type fakePlugin struct {
	ID       string `json:"Id"`
	Enabled  bool
	Config   map[string]any
	Settings struct{ Env []string }
	behaves  string
}

func (f *fakeEngine) address() string    { return "unix://" + filepath.Join(f.dir, "docker.sock") }
func (f *fakeEngine) daemonJSON() string { return filepath.Join(f.dir, "daemon.json") }

func newFakeEngine(t *testing.T) *fakeEngine {
	t.Helper()
	f := &fakeEngine{t: t, dir: t.TempDir()}
	if err := os.WriteFile("/proc/self/comm", []byte("dockerd"), 0); err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("unix", filepath.Join(f.dir, "docker.sock"))
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: f, ReadHeaderTimeout: time.Minute}
	hup := make(chan os.Signal, 10)
	signal.Notify(hup, syscall.SIGHUP)
	go func() { _ = server.Serve(listener) }()
	go func() {
		for range hup {
			f.reload()
		}
	}()
	t.Cleanup(func() {
		_ = server.Close()
		signal.Stop(hup)
		close(hup)
	})
	return f
}

func (f *fakeEngine) reload() {
	f.mu.Lock()
	defer f.mu.Unlock()
	doc, err := os.ReadFile(f.daemonJSON())
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		f.t.Errorf("engine: %v", err)
	}
	names, err := daemonjson.Plugins(doc)
	if err != nil {
		f.t.Errorf("engine: %v", err)
	}
	f.asked = slices.Contains(names, "bulwark")
	if f.asked && (f.plugin == nil || !f.plugin.Enabled) {
		f.t.Error("the engine would end here: daemon.json lists a plugin that is not enabled")
	}
}

// ServeHTTP asks the plugin first, then does what was requested.
func (f *fakeEngine) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	call := r.Method + " " + r.URL.Path
	privileged := false
	if call == "POST /containers/create" {
		body, _ := io.ReadAll(r.Body)
		privileged = strings.Contains(string(body), `"Privileged":true`)
	}
	if f.asked {
		if status, words := f.plugin.answer(call, privileged); words != "" {
			reply(w, status, map[string]string{"message": words})
			return
		}
	}
	f.do(w, r, call)
}

func (p *fakePlugin) answer(call string, privileged bool) (int, string) {
	const denied = "authorization denied by plugin bulwark:latest: "
	switch {
	case p.behaves == "silent":
		return 500, "plugin bulwark:latest failed with error: no answer"
	case strings.Contains(call, "/plugins/") && !strings.HasPrefix(call, "GET"):
		return 403, denied + "self_protection: no"
	case p.behaves == "harsh" && call == "POST /containers/create":
		return 403, denied + "root_user: no"
	case privileged && p.behaves != "soft":
		return 403, denied + "privileged: no"
	}
	return 0, ""
}

func (f *fakeEngine) do(w http.ResponseWriter, r *http.Request, call string) {
	switch {
	case call == "GET /info":
		reply(w, 200, map[string]any{"DockerRootDir": f.dir})
	case call == "POST /plugins/create":
		f.plugin = f.unpack(r.Body)
	case strings.HasPrefix(r.URL.Path, "/plugins/") && (f.plugin == nil || !strings.Contains(r.URL.Path, "/bulwark")):
		reply(w, 404, map[string]string{"message": "plugin not found"})
	case call == "GET /plugins/bulwark/json":
		reply(w, 200, f.plugin)
	case call == "POST /plugins/bulwark/set" && f.plugin.Enabled:
		reply(w, 500, map[string]string{"message": "cannot set on an active plugin"})
	case call == "POST /plugins/bulwark/set":
		if err := json.NewDecoder(r.Body).Decode(&f.plugin.Settings.Env); err != nil {
			f.t.Errorf("engine: %v", err)
		}
	case call == "POST /plugins/bulwark/enable" && f.plugin.behaves == "dead":
		reply(w, 500, map[string]string{"message": "no such socket"})
	case call == "POST /plugins/bulwark/enable":
		f.plugin.Enabled = true
	case call == "DELETE /plugins/bulwark":
		f.plugin = nil
	case call == "POST /images/create":
		f.images++
	case strings.HasPrefix(call, "DELETE /images/"):
		f.images--
	case call == "POST /containers/create":
		f.containers++
		reply(w, 201, map[string]string{"Id": "c1"})
	case call == "POST /containers/c1/wait":
		reply(w, 200, map[string]int{"StatusCode": 0})
	case call == "DELETE /containers/c1":
		f.containers--
	case call != "POST /containers/c1/start":
		f.t.Errorf("engine: unexpected request %s", call)
	}
}

// unpack reads a plugin archive, and keeps the files where an engine keeps them.
func (f *fakeEngine) unpack(body io.Reader) *fakePlugin {
	plugin := &fakePlugin{ID: fmt.Sprint(time.Now().UnixNano())}
	archive := tar.NewReader(body)
	for {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return plugin
		}
		if err != nil {
			f.t.Fatalf("engine: plugin archive: %v", err)
		}
		if header.Uid != 0 || header.Gid != 0 {
			f.t.Errorf("engine: %s belongs to %d:%d, not to root", header.Name, header.Uid, header.Gid)
		}
		content, _ := io.ReadAll(archive)
		switch header.Name {
		case "config.json":
			if err := json.Unmarshal(content, &plugin.Config); err != nil {
				f.t.Errorf("engine: config.json: %v", err)
			}
			continue
		case "rootfs/bulwark":
			plugin.behaves = string(content)
		}
		if header.Typeflag == tar.TypeReg {
			write(f.t, filepath.Join(f.dir, "plugins", plugin.ID, header.Name), string(content))
		}
	}
}

func reply(w http.ResponseWriter, status int, body any) {
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o755); err != nil {
		t.Fatal(err)
	}
}

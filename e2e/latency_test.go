//go:build e2e

package e2e

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// chains are what the engine asks before it carries out a request, by turns.
var chains = []struct{ name, plugin string }{
	{"no plugin", ""},
	{"without look-ups", "bulwark-alone"},
	{"with look-ups", "bulwark"},
}

// latencyRounds is how often each chain has its turn.
const latencyRounds = 10

// task is something that people do with an engine, and how often it is done in one turn. What it leaves is
// removed in time that is not measured.
type task struct {
	name  string
	times int
	do    func(t *testing.T, d *daemon)
}

const latencyBody = `{"Image":"busybox","User":"1000:1000","Cmd":["true"],"HostConfig":{"NetworkMode":"none","Binds":["data:/data"]}}`

var tasks = []task{
	{"GET /containers/json", 30, func(t *testing.T, d *daemon) {
		d.expect(t, request{method: "GET", uri: "/v1.41/containers/json"}, http.StatusOK)
	}},
	{"POST /containers/create", 10, func(t *testing.T, d *daemon) {
		d.expect(t, request{method: "POST", uri: "/v1.41/containers/create?name=measured", headers: typedJSON, body: latencyBody}, http.StatusCreated)
	}},
	{"docker ps", 10, func(t *testing.T, d *daemon) { d.mustDocker(t, "ps") }},
	{"docker create", 5, func(t *testing.T, d *daemon) { d.mustDocker(t, measured("create")...) }},
	{"docker run", 3, func(t *testing.T, d *daemon) { d.mustDocker(t, measured("run")...) }},
}

func measured(verb string) []string {
	return strings.Fields(verb + " --name measured --user 1000:1000 --network none --volume data:/data busybox true")
}

// TestLatency prints how long requests and commands take with and without the plugin. It measures and
// checks nothing but that everything succeeds, so that it runs only where make bench asks for it.
func TestLatency(t *testing.T) {
	if os.Getenv("BULWARK_BENCH") == "" {
		t.Skip("BULWARK_BENCH is not set: make bench-engine measures")
	}
	for _, e := range engines(t) {
		t.Run(e.name, func(t *testing.T) {
			d := startDaemon(t, e)
			d.importImages(t)
			d.mustDocker(t, "plugin", "create", "bulwark", pluginDir(t))
			d.mustDocker(t, "plugin", "create", "bulwark-alone", anotherPluginDir(t))
			d.mustDocker(t, "plugin", "set", "bulwark-alone", "BULWARK_ENGINE=none")
			d.mustDocker(t, "plugin", "enable", "bulwark")
			d.mustDocker(t, "plugin", "enable", "bulwark-alone")
			d.mustDocker(t, "volume", "create", "data")
			t.Log(latencyTable(e, d.measureLatency(t)))
		})
	}
}

// anotherPluginDir is the built plugin with one more file: an engine does not take the same content twice.
func anotherPluginDir(t *testing.T) string {
	dir := filepath.Join(t.TempDir(), "plugin")
	if err := os.CopyFS(dir, os.DirFS(pluginDir(t))); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "rootfs/alone"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	return dir
}

// latencies are how long a task took, by chain and task.
type latencies map[[2]string][]time.Duration

func (d *daemon) measureLatency(t *testing.T) latencies {
	took := latencies{}
	for range latencyRounds {
		for _, chain := range chains {
			d.ask(t, chain.plugin)
			for _, task := range tasks {
				for range task.times {
					started := time.Now()
					task.do(t, d)
					key := [2]string{chain.name, task.name}
					took[key] = append(took[key], time.Since(started))
					_, _ = d.send(request{method: "DELETE", uri: "/v1.41/containers/measured?force=1"}) // if it made one
				}
			}
		}
	}
	return took
}

// ask lets the engine ask one plugin, or none for "", and waits until it does.
func (d *daemon) ask(t *testing.T, plugin string) {
	t.Helper()
	config := "{}"
	if plugin != "" {
		config = fmt.Sprintf(`{"authorization-plugins": [%q]}`, plugin)
	}
	d.reload(t, config)
	set := request{method: "POST", uri: "/plugins/bulwark/set", headers: typedJSON, body: "[]"}
	eventually(t, func() error {
		got, err := d.send(set)
		asked, _, _ := strings.Cut(strings.TrimPrefix(got.body, `{"message":"authorization denied by plugin `), ":")
		if got.status != http.StatusForbidden {
			asked = ""
		}
		if err == nil && asked != plugin {
			return fmt.Errorf("the engine does not ask %q yet: %d %s", plugin, got.status, got.body)
		}
		return err
	})
	d.expect(t, request{method: "GET", uri: "/v1.41/containers/json"}, http.StatusOK)
}

func (d *daemon) expect(t *testing.T, r request, status int) {
	t.Helper()
	got, err := d.send(r)
	if err != nil || got.status != status {
		t.Fatalf("%s %s: got %d %s, %v, want %d", r.method, r.uri, got.status, got.body, err, status)
	}
}

func latencyTable(e engine, took latencies) string {
	var b strings.Builder
	fmt.Fprintf(&b, "engine %s, in milliseconds\n%-26s", e.name, "")
	for _, chain := range chains {
		fmt.Fprintf(&b, "%18s", chain.name)
	}
	fmt.Fprintf(&b, "\n%-26s%s\n", "", strings.Repeat("       p50     p99", len(chains))+"  added to p50")
	for _, task := range tasks {
		fmt.Fprintf(&b, "%-26s", task.name)
		var medians []float64
		for _, chain := range chains {
			all := took[[2]string{chain.name, task.name}]
			medians = append(medians, quantile(all, 0.5))
			fmt.Fprintf(&b, "%10.2f%8.2f", quantile(all, 0.5), quantile(all, 0.99))
		}
		fmt.Fprintf(&b, "  %+.2f, %+.2f with look-ups\n", medians[1]-medians[0], medians[2]-medians[0])
	}
	return b.String()
}

// quantile is the smallest value that the part q of all does not exceed, in milliseconds.
func quantile(all []time.Duration, q float64) float64 {
	sorted := slices.Sorted(slices.Values(all))
	return float64(sorted[int(q*float64(len(sorted)-1)+0.5)].Microseconds()) / 1000
}

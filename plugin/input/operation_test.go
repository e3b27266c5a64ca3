package input

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"
)

// TestRoutesAreTheDaemons compares the table with the routers' own list, both
// ways. The debug routes are one operation for several paths.
func TestRoutesAreTheDaemons(t *testing.T) {
	f, err := os.Open("testdata/routes.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	daemon := map[string]bool{}
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if line := lines.Text(); !strings.HasPrefix(line, "#") {
			daemon[line] = true
		}
	}
	if len(daemon) < 120 {
		t.Fatalf("testdata/routes.txt has %d routes, want all of them", len(daemon))
	}
	for line := range daemon {
		method, path, _ := strings.Cut(line, " ")
		sample := regexp.MustCompile(`\{[^}]*\}`).ReplaceAllString(path, "x")
		if op, _ := findOperation(method, sample); op == nil {
			t.Errorf("%s has no operation", line)
		}
	}
	for _, op := range routes {
		if op.method != "" && !daemon[op.method+" "+op.path] {
			t.Errorf("%s: no router registers %s %s", op.id, op.method, op.path)
		}
	}
}

// TestOperationsAreSwaggers compares operation ids with the API's description.
func TestOperationsAreSwaggers(t *testing.T) {
	described := 0
	for path, methods := range swaggerPaths(t) {
		sample := regexp.MustCompile(`\{[^}]*\}`).ReplaceAllString(path, "x")
		for method, id := range methods {
			described++
			op, _ := findOperation(strings.ToUpper(method), sample)
			if op == nil {
				t.Errorf("%s %s (%s) has no operation", method, path, id)
			} else if op.id != id {
				t.Errorf("%s %s is %s, want %s", method, path, op.id, id)
			}
		}
	}
	if described < 100 {
		t.Fatalf("swagger.yaml described %d operations, want more than 100", described)
	}
}

func swaggerPaths(t *testing.T) map[string]map[string]string {
	t.Helper()
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/moby/moby/api").Output()
	if err != nil {
		t.Fatalf("finding the moby/api module: %v", err)
	}
	text, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(dir)), "swagger.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var spec struct {
		Paths map[string]map[string]struct {
			OperationID string `yaml:"operationId"`
		}
	}
	if err := yaml.Unmarshal(text, &spec); err != nil {
		t.Fatal(err)
	}
	paths := map[string]map[string]string{}
	for path, methods := range spec.Paths {
		paths[path] = map[string]string{}
		for method, op := range methods {
			paths[path][method] = op.OperationID
		}
	}
	return paths
}

// TestFindOperation covers what only the daemon's router does: greedy names,
// the order of registration, suffix routes on objects with odd names.
func TestFindOperation(t *testing.T) {
	for _, tc := range []struct{ method, path, id, object string }{
		{"POST", "/containers/create", "ContainerCreate", ""},
		{"POST", "/containers/create/exec", "ContainerExec", "create"},
		{"POST", "/images/create/tag", "ImageTag", "create"},
		{"POST", "/plugins/pull/enable", "PluginEnable", "pull"},
		{"GET", "/containers/json", "ContainerList", ""},
		{"GET", "/containers/json/json", "ContainerInspect", "json"},
		{"GET", "/containers//json", "ContainerInspect", ""},
		{"POST", "/images/registry.example.com/a/b:1/tag", "ImageTag", "registry.example.com/a/b:1"},
		{"DELETE", "/containers/x/checkpoints/y", "CheckpointDelete", "x"},
		{"DELETE", "/containers/a/b/checkpoints/y", "ContainerDelete", "a/b/checkpoints/y"},
		{"GET", "/networks/", "NetworkList", ""},
		{"GET", "/networks/n", "NetworkInspect", "n"},
		{"GET", "/services/a/b", "", ""},
		{"GET", "/images/get", "ImageGetAll", ""},
		{"GET", "/images/get/get", "ImageGet", "get"},
		{"GET", "/plugins/privileges", "GetPluginPrivileges", ""},
		{"GET", "/plugins/privileges/json", "PluginInspect", "privileges"},
		{"HEAD", "/_ping", "SystemPingHead", ""},
		{"HEAD", "/version", "", ""},
		{"OPTIONS", "/anything", "SystemOptions", "anything"},
		{"POST", "/debug/pprof/heap", "DebugPprof", "heap"},
		{"post", "/containers/create", "", ""},
		{"POST", "/containers/create/", "", ""},
		{"POST", "/Containers/create", "", ""},
		{"POST", "/containers/a\nb/start", "", ""},
		{"POST", "", "", ""},
	} {
		op, object := findOperation(tc.method, tc.path)
		id := ""
		if op != nil {
			id = op.id
		}
		if diff := cmp.Diff([]string{tc.id, tc.object}, []string{id, object}); diff != "" {
			t.Errorf("%s %q: %s", tc.method, tc.path, diff)
		}
	}
}

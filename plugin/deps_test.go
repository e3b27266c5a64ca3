package plugin_test

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/bulwark-authz/bulwark/"

// edges are the imports between our packages, all of them. Commands are not
// listed: they may use everything, and nothing may use them.
var edges = map[string][]string{
	"e2e":                 {},
	"plugin":              {"plugin/decisionlog", "plugin/facts", "plugin/input", "plugin/policy"},
	"plugin/decisionlog":  {"plugin/input"},
	"plugin/facts":        {"plugin/input"},
	"plugin/input":        {},
	"plugin/policy":       {"plugin/input", "policies", "policies/yamlschema"},
	"plugin/sandbox":      {},
	"policies":            {"policies/vet", "policies/yamlschema"},
	"policies/vet":        {"policies/yamlschema"},
	"policies/yamlschema": {},
}

// fences say which of our packages may import what; none means nobody.
var fences = []struct {
	path string // and everything beneath it
	only []string
	why  string
}{
	{"github.com/open-policy-agent/opa", []string{"plugin/policy", "policies", "policies/vet"}, "only these know what evaluates the rules"},
	{"github.com/docker/go-plugins-helpers", []string{"plugin", "bench", "bench/noop"}, "only the request path, and what measures it, know the plugin protocol"},
	{"github.com/docker/docker", nil, "scanners take it for the engine; github.com/moby/moby/api has the types"},
	{"gopkg.in/yaml.v3", nil, "nobody maintains it; go.yaml.in/yaml/v3 is the same"},
}

// pure packages must not be able to look at anything but their arguments.
var pure = map[string][]string{
	"plugin/input": {"context", "io/fs", "math/rand", "math/rand/v2", "net", "os", "os/exec", "os/user", "syscall", "time"},
}

type goPackage struct {
	ImportPath string
	Imports    []string
}

func (p goPackage) name() string { return strings.TrimPrefix(p.ImportPath, module) }

func (p goPackage) isCommand() bool {
	return strings.HasPrefix(p.name(), "cmd/") || p.name() == "bench" || strings.HasPrefix(p.name(), "bench/")
}

func listPackages(t *testing.T) []goPackage {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports", "./...")
	cmd.Dir, cmd.Stderr = "..", os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []goPackage
	for decoder := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p goPackage
		switch err := decoder.Decode(&p); {
		case errors.Is(err, io.EOF):
			return all
		case err != nil:
			t.Fatal(err)
		}
		all = append(all, p)
	}
}

func TestImportsFormTheGraph(t *testing.T) {
	seen := map[string]bool{}
	for _, p := range listPackages(t) {
		var ours []string
		for _, path := range p.Imports {
			if name, ok := strings.CutPrefix(path, module); ok {
				ours = append(ours, name)
			}
		}
		seen[p.name()] = true
		if p.isCommand() {
			continue
		}
		want, listed := edges[p.name()]
		if !listed {
			t.Errorf("package %s is not in edges: add it, with what it may import", p.name())
		}
		for _, name := range ours {
			if !slices.Contains(want, name) {
				t.Errorf("%s imports %s, which is not in edges", p.name(), name)
			}
		}
		for _, name := range want {
			if !slices.Contains(ours, name) {
				t.Errorf("%s does not import %s: take it out of edges", p.name(), name)
			}
		}
	}
	for name := range edges {
		if !seen[name] {
			t.Errorf("there is no package %s: take it out of edges", name)
		}
	}
	if !seen["cmd/bulwark"] {
		t.Error("cmd/bulwark was not looked at")
	}
}

func TestImportsStayInsideTheirFences(t *testing.T) {
	used := map[string]bool{}
	for _, p := range listPackages(t) {
		for _, path := range p.Imports {
			for _, fence := range fences {
				if path != fence.path && !strings.HasPrefix(path, fence.path+"/") {
					continue
				}
				used[fence.path] = true
				if !slices.Contains(fence.only, p.name()) {
					t.Errorf("%s imports %s: %s", p.name(), path, fence.why)
				}
			}
			if slices.Contains(pure[p.name()], path) {
				t.Errorf("%s imports %s: it must be pure", p.name(), path)
			}
		}
	}
	for _, fence := range fences {
		if len(fence.only) > 0 && !used[fence.path] {
			t.Errorf("nobody imports %s: take its fence away", fence.path)
		}
	}
}

//go:build e2e

package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// TestExamples sends every example of every rule to real engines: what a rule says that it denies is
// answered with its name, and what it says that it allows is not denied, whatever else the engine says.
func TestExamples(t *testing.T) {
	rules := readRules(t)
	eachEngine(t, func(t *testing.T, e engine) {
		d := startDaemon(t, e)
		d.importImages(t)
		d.protect(t)
		for _, profile := range []string{"baseline", "restricted"} {
			d.write(t, "/etc/bulwark/settings.yaml", "profile: "+profile+"\n")
			d.run(t, "kill", "-KILL", d.pluginPID(t)) // the engine starts it again, and it reads the settings
			d.awaitProtection(t, true)
			for _, r := range rules[profile] {
				t.Run(r.name, func(t *testing.T) { r.check(t, d) })
			}
		}
	})
}

// rule is what a rule's folder says about it.
type rule struct {
	name        string
	Deny, Allow []example
}

// example is a request, and the command that sends it.
type example struct {
	CLI     string
	Request struct {
		Method, URI string
		Headers     map[string]string
		Body        any
	}
	// Facts are what the engine would have told. An example that supposes some is not sent: this engine
	// has no such objects.
	Facts map[string]any
}

// readRules reads the examples of all rules, by the profile that a rule belongs to.
func readRules(t *testing.T) map[string][]rule {
	t.Helper()
	files, err := filepath.Glob("../policies/rules/*/examples.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("the examples of the rules: got %q, %v", files, err)
	}
	rules := make(map[string][]rule)
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		r := rule{name: filepath.Base(filepath.Dir(file))}
		if err := yaml.Unmarshal(content, &r); err != nil {
			t.Fatalf("reading %s: %v", file, err)
		}
		source, err := os.ReadFile(filepath.Join(filepath.Dir(file), r.name+".rego"))
		if err != nil {
			t.Fatal(err)
		}
		profile := "baseline"
		if strings.Contains(string(source), "#   profile: restricted\n") {
			profile = "restricted"
		}
		rules[profile] = append(rules[profile], r)
	}
	return rules
}

func (r rule) check(t *testing.T, d *daemon) {
	if len(r.Deny)+len(r.Allow) == 0 {
		t.Error("the rule lacks examples")
	}
	for _, e := range sendable(t, r.Deny) {
		got, err := d.send(e.wire(t))
		if denied := got.status == http.StatusForbidden && strings.Contains(got.body, r.name+": "); !denied && !got.unroutable() {
			t.Errorf("%s: want a denial, got %d %s, %v", e, got.status, got.body, err)
		}
	}
	for _, e := range sendable(t, r.Allow) {
		got, err := d.send(e.wire(t))
		if err != nil || got.status == http.StatusForbidden || strings.Contains(got.body, "plugin bulwark") {
			t.Errorf("%s: want no denial, got %d %s, %v", e, got.status, got.body, err)
		}
	}
}

// sendable leaves out the examples that suppose facts.
func sendable(t *testing.T, examples []example) []example {
	var sendable []example
	for _, e := range examples {
		if e.Facts == nil {
			sendable = append(sendable, e)
		} else {
			t.Logf("not sent, because it supposes facts about the engine: %s", e)
		}
	}
	return sendable
}

// unroutable tells that the engine knows no such path or version. It says so without asking the plugin.
func (a answer) unroutable() bool {
	return a.status == http.StatusNotFound && strings.Contains(a.body, "page not found")
}

func (e example) String() string {
	return fmt.Sprintf("%s (%s %s)", e.CLI, e.Request.Method, e.Request.URI)
}

// wire is the example as its client sends it. An example tells what the plugin sees: of a body that the
// engine does not show, only its length.
func (e example) wire(t *testing.T) request {
	t.Helper()
	r := request{method: e.Request.Method, uri: e.Request.URI, headers: map[string]string{}}
	for name, value := range e.Request.Headers {
		if name != "Content-Length" {
			r.headers[name] = value
		} else if length, err := strconv.Atoi(value); err == nil {
			r.body = strings.Repeat("x", length)
		}
	}
	switch body := e.Request.Body.(type) {
	case nil:
		return r
	case string:
		r.body = body
	default:
		content, err := json.Marshal(body)
		if err != nil {
			t.Fatalf("%s: %v", e, err)
		}
		r.body = string(content)
	}
	if r.headers["Content-Type"] == "" {
		r.headers["Content-Type"] = "application/json"
	}
	return r
}

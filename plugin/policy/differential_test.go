package policy

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/bulwark-authz/bulwark/plugin/input"
)

// winding are bodies of rules that read the input in roundabout ways.
var winding = []string{
	`not is_object(input.container)`,
	`not is_object(input.container.user)`,
	`is_null(input.container)`,
	"c := input.container\n\tnot c.image.value != \"\"",
	`object.get(input, ["container", "image", "value"], "none") == "none"`,
	`count(object.keys(input)) > 5`,
	`count(json.filter(input, ["user/name", "container/privileged"])) == 1`,
	`some k, v in input; v == null; k == "container"`,
	`walk(input.container, [["user", "value"], "root"])`,
	`every mount in input.container.mounts { mount.type == "bind" }`,
	`every k, v in input.query { k != "x"; v != null }`,
	`data.custom.lib.winding.helper(input.user)`,
	`data.custom.lib.winding.through == input.user.name`,
	`data.custom.lib.winding.table[input.method]`,
	"some key\n\tdata.custom.lib.winding.table[key] == input.path",
	`data.custom.lib.winding.maybe == "object"`,
	`data.custom.lib.winding.chosen(input.kind) == "b"`,
	`data.custom.lib.winding.mocked with input.user.name as "bob"`,
	`data.custom.lib.winding.mocked with input as {"user": input.user}`,
	`data.custom.lib.winding.mocked with input.container.user as input.user`,
	`data.custom.lib.winding.counted(input.images) with count as data.custom.lib.winding.nine`,
	"lib := data.custom.lib.winding\n\tlib.through == \"alice\"",
	"some name in [\"through\", \"maybe\"]\n\tdata.custom.lib.winding[name] == \"alice\"",
	`data.custom.lib.winding.deep[input.kind][input.method]`,
	`input.query[input.object]`,
	`input[input.user.name]`,
	`{"name": name, "method": _} = input.user; name == "alice"`,
	"x := {\"a\": input.container}\n\tx.a.privileged.value",
	`$"{input.object}{input.exec.user.value}" == "<undefined>"`,
	"some key\n\tinput.body[key].Privileged == false",
	`input.container.labels == {}`,
	`input.facts.images[input.container.image.value].state == "found"`,
	`not input.api_minor >= 40`,
	`object.subset(input, {"user": {"name": "alice"}})`,
	"some rule\n\tcount(data.rules[rule].deny) > 2",
}

const windingLib = `package custom.lib.winding

import rego.v2

helper(user) if user.name == "bob"

default through := "nobody"

through := name if {
	name := input.user.name
	name != ""
} else := "empty" if count(input.method) > 0

table[method] := input.path if method := input.method

maybe := type_name(input.exec) if input.exec != null else := input.method

default chosen(_) := "a"

chosen(kind) := "b" if kind == input.kind

mocked if input.user.name == "bob"

mocked if input.container.user.name == "alice"

nine(list) := object.get({true: 9}, is_array(list), 0)

counted(list) if count(list) == 9

deep[kind][method] := 2 if {
	kind := input.kind
	method := input.method
}
`

// windingEngines have all rules, those above among them, under some settings.
func windingEngines(t testing.TB) []*Engine {
	t.Helper()
	files := fstest.MapFS{"lib/winding/winding.rego": {Data: []byte(windingLib)}}
	for i, body := range winding {
		name := fmt.Sprintf("winding%d", i)
		text := strings.Replace(siteRule(body), "package custom.rules.site", "package custom.rules."+name, 1)
		files["rules/"+name+"/"+name+".rego"] = &fstest.MapFile{Data: []byte(text)}
	}
	plain, err := LoadFS(files, "/etc/bulwark")
	if err != nil {
		t.Fatal(err)
	}
	exception := func(name string, match Match, rules ...string) Exception {
		return Exception{Name: name, Reason: "test", Expires: Date{time.Now().AddDate(1, 0, 0)}, Rules: rules, Match: match}
	}
	excepted, err := plain.With(Settings{Profile: "restricted", Exceptions: []Exception{
		exception("image", Match{Images: []string{"docker.io/library"}}, "root_user", "cap_add", "privileged", "winding0"),
		exception("user", Match{Users: []string{"alice"}, Operations: []string{"ContainerCreate"}}, "root_user", "host_binds", "winding1"),
		exception("label", Match{Labels: map[string]string{"a": "a"}}, "memory_limit", "host_binds", "pids_limit"),
		exception("name", Match{Names: []string{"app", "a"}}, "memory_limit", "cpu_limit", "winding4"),
	}})
	if err != nil {
		t.Fatal(err)
	}
	return []*Engine{plain, excepted}
}

// seeds is how many series of changes TestChangedDocuments makes. It is no fuzz test: nothing guides a seed,
// and go test ends a fuzz test that takes long for one.
var seeds = flag.Uint64("seeds", 12, "how many series of changed documents are compared")

// TestChangedDocuments changes documents again and again at one place, and
// compares what is found with every rule remembering and with none.
func TestChangedDocuments(t *testing.T) {
	const changes = 12
	docs, engines := exampleDocuments(t), windingEngines(t)
	for seed := range *seeds {
		m := mutator{rand.New(rand.NewPCG(seed, 1))}
		doc := docs[m.IntN(len(docs))]
		for range changes {
			doc = m.document(doc, docs[m.IntN(len(docs))])
			value, err := toValue(doc)
			if err != nil {
				t.Fatalf("seed %d: %v", seed, err)
			}
			for _, e := range engines {
				compareWithPlain(t, e, doc, func() ([]finding, error) { return e.evaluate(context.Background(), value, nil) })
			}
		}
	}
}

func compareWithPlain(t *testing.T, e *Engine, doc input.Document, plain func() ([]finding, error)) {
	t.Helper()
	all, err := plain()
	if err != nil {
		t.Fatal(err)
	}
	want := e.decide(all)
	for _, how := range []string{"asked", "remembered"} {
		found, err := e.rulewise.decide(context.Background(), doc, func(context.Context, ast.Value, error) ([]finding, error) { return all, nil })
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, e.decide(found)); diff != "" {
			t.Fatalf("%s %s (-all at once +%s): %s", doc.Method, doc.Path, how, diff)
		}
	}
}

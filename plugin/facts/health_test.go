package facts

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bulwark-authz/bulwark/plugin/input"
)

func TestLookupsAreCounted(t *testing.T) {
	g, _ := serve(t, map[string]string{
		"/images/here/json": `{"Id": "sha256:1"}`, "/images/broken/json": "500", "/_ping": "OK",
	})
	for _, name := range []string{"here", "gone", "broken", "here"} {
		var doc input.Document
		_ = g.engine.inspect(t.Context(), "images", name, "/json", &doc)
	}
	if err := g.Ping(t.Context()); err != nil || !g.Asks() {
		t.Errorf("ping: %v", err)
	}
	if diff := cmp.Diff(Lookups{Found: 2, Missing: 1, Failed: 1}, g.Lookups()); diff != "" {
		t.Error(diff)
	}
}

func TestNobodyToAsk(t *testing.T) {
	for _, g := range []*Gatherer{nil, NewGatherer(nil, Host{})} {
		if g.Asks() || g.Lookups() != (Lookups{}) {
			t.Errorf("%+v asks", g)
		}
	}
	g := NewGatherer(NewEngine("", "/does/not/exist.sock"), Host{})
	const want = "asking the engine: dial unix /does/not/exist.sock: connect: no such file or directory"
	if err := g.Ping(context.Background()); err == nil || err.Error() != want {
		t.Errorf("ping: %v", err)
	}
}

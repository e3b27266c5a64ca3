package facts

import (
	"strings"
	"testing"

	"github.com/bulwark-authz/bulwark/plugin/input"
)

const (
	listed = "GET /containers/json?all=1"
	named  = `{"Id":"11","Name":"/db","Config":{},"HostConfig":{},"Mounts":[]}`
)

// TestNamesakes is about a container whose name is the beginning of another
// one's id: what is asked of the one may happen to the other.
func TestNamesakes(t *testing.T) {
	for name, test := range map[string]struct {
		list, other string
		want        input.State
		privileged  bool
	}{
		"alone":      {"[]", "", input.Found, false},
		"harmless":   {`[{"Id":"11"},{"Id":"db22"}]`, named, input.Found, false},
		"powerful":   {`[{"Id":"11"},{"Id":"db22"}]`, `{"Id":"db22","Config":{},"HostConfig":{"Privileged":true}}`, input.Found, true},
		"gone since": {`[{"Id":"db22"}]`, "", input.Found, false},
		"not told":   {`[{"Id":"db22"}]`, "500", input.Unknown, false},
		"no list":    {"500", "", input.Unknown, false},
	} {
		t.Run(name, func(t *testing.T) {
			objects := map[string]string{"/containers/db/json": named, "/containers/db22/json": test.other, listed: test.list}
			if test.other == "" {
				delete(objects, "/containers/db22/json")
			}
			g, _ := serve(t, objects)
			got := gather(g, "POST", "/containers/db/exec", `{"Cmd":["a"]}`).Facts.Containers["db"]
			if got.State != test.want || got.Privileged != test.privileged {
				t.Errorf("%+v", got)
			}
		})
	}
}

// TestNamesakesAreNotStarted: what a start does cannot be judged for several.
func TestNamesakesAreNotStarted(t *testing.T) {
	g, _ := serve(t, map[string]string{"/containers/db/json": named, listed: `[{"Id":"db22"}]`})
	got := gather(g, "POST", "/containers/db/start", "").Facts.Containers["db"]
	if got.State != input.Unknown || !strings.Contains(got.Reason, "name it by its own id") {
		t.Errorf("%+v", got)
	}
}

func TestOtherNamesAreNotListed(t *testing.T) {
	g, fake := serve(t, map[string]string{"/containers/web/json": named})
	if got := gather(g, "POST", "/containers/web/exec", `{}`).Facts.Containers["web"]; got.State != input.Found {
		t.Errorf("%+v, asked %v", got, fake.asked)
	}
}

func TestSeveralThatANameCouldBe(t *testing.T) {
	g, _ := serve(t, map[string]string{"/containers/d/json": "400"})
	if got := gather(g, "POST", "/containers/d/exec", `{}`).Facts.Containers["d"]; got.State != input.Unknown {
		t.Errorf("%+v", got)
	}
}

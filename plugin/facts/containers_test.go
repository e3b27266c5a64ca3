package facts

import (
	"strings"
	"testing"

	"github.com/bulwark-authz/bulwark/plugin/input"
)

func TestNameThatIsTheBeginningOfAnotherID(t *testing.T) {
	const (
		one   = `{"Id":"11","Name":"/%","Config":{},"HostConfig":{}}`
		asked = "GET /containers/json?all=1"
	)
	for name, test := range map[string]struct {
		name, list string
		want       input.State
	}{
		"no hex":       {"web", "500", input.Found},
		"hex, alone":   {"db", "[]", input.Found},
		"hex, own":     {"db", `[{"Id":"db"}]`, input.Unknown},
		"hex, another": {"db", `[{"Id":"db22"}]`, input.Unknown},
		"hex, no list": {"db", "500", input.Unknown},
	} {
		t.Run(name, func(t *testing.T) {
			g, _ := serve(t, map[string]string{"/containers/" + test.name + "/json": strings.ReplaceAll(one, "%", test.name), asked: test.list})
			doc := gather(g, "POST", "/containers/"+test.name+"/exec", `{"Cmd":["a"]}`)
			if got := doc.Facts.Containers[test.name]; got.State != test.want {
				t.Errorf("fact %+v", got)
			}
		})
	}
	g, _ := serve(t, map[string]string{"/containers/d/json": "400"})
	if got := gather(g, "POST", "/containers/d/exec", `{}`).Facts.Containers["d"]; got.State != input.Unknown {
		t.Errorf("ambiguous: %+v", got)
	}
}

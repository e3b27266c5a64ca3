package policy

import (
	"fmt"
	"testing"

	"github.com/bulwark-authz/bulwark/policies"
)

// TestLongAllowList: a list that is long enough to be a set allows and denies,
// and says what is allowed, as a short one does.
func TestLongAllowList(t *testing.T) {
	trusted, allowed := []any{}, []any{}
	for i := range 2 * longList {
		trusted = append(trusted, fmt.Sprintf("registry%d.example.com/team", i))
		allowed = append(allowed, map[string]any{"path": fmt.Sprintf("/srv/%d", i)})
	}
	engine := newTestEngine(t, Settings{Rules: map[string]policies.Override{
		"untrusted_registry": {Params: map[string]any{"trusted": trusted}},
		"host_binds":         {Params: map[string]any{"allowed": allowed}},
	}})
	const body = `{"Image":%q,"User":"1000","HostConfig":{"Binds":[%q]}}`
	for _, test := range []struct {
		image, bind string
		denies      []string
	}{
		{"registry7.example.com/team/app", "/srv/100/x:/x", nil},
		{"registry7.example.com/teams/app", "/srv/1000:/x", []string{"host_binds", "untrusted_registry"}},
		{"busybox", "/srv:/x", []string{"host_binds", "untrusted_registry"}},
	} {
		decision := decide(t, engine, create(fmt.Sprintf(body, test.image, test.bind)))
		for _, rule := range []string{"host_binds", "untrusted_registry"} {
			if got, want := has(decision.Violations, rule), len(test.denies) > 0; got != want {
				t.Errorf("%s denies %+v: %v, want %v", rule, test, got, want)
			}
		}
	}
}

package check

import (
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bulwark-authz/bulwark/plugin/input"
)

func TestEveryOperationHasWords(t *testing.T) {
	if diff := cmp.Diff(input.Operations(), slices.Sorted(maps.Keys(words))); diff != "" {
		t.Errorf("operations and those with words, -want +got:\n%s", diff)
	}
}

func TestSubject(t *testing.T) {
	id := "f26e4d058074f26e4d058074f26e4d058074f26e4d058074f26e4d0580740123"
	s := &session{called: func(id string) string { return map[string]string{"1234": "web"}[id] }}
	for uri, want := range map[string]string{
		"/containers/create?name=web":                       "create container web",
		"/containers/" + id + "/start":                      "start container f26e4d058074",
		"/containers/1234/start":                            "start container web",
		"/images/create?fromImage=busybox&tag=1":            "pull image busybox:1",
		"/images/create?fromSrc=-&repo=localhost/app&tag=1": "import image localhost/app:1",
		"/containers/prune":                                 "remove stopped containers",
		"/swarm/init":                                       "start a swarm",
		"/no/such/route":                                    "POST /no/such/route",
	} {
		doc := input.FromRequest(post(uri, []byte(`{}`)))
		if got := s.subject(doc); got != want {
			t.Errorf("%s: %q, want %q", uri, got, want)
		}
	}
}

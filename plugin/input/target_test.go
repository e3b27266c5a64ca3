package input

import (
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseTarget(t *testing.T) {
	minor := func(n int) *int { return &n }
	for _, tc := range []struct {
		uri       string
		path      string
		version   string
		minor     *int
		anomalies []string
	}{
		{"/containers/create", "/containers/create", "", nil, nil},
		{"/v1.41/containers/create", "/containers/create", "1.41", minor(41), nil},
		{"/v1.41/images/docker.io/library/busybox/json", "/images/docker.io/library/busybox/json", "1.41", minor(41), nil},
		{"/containers/%63reate", "/containers/create", "", nil, nil},
		{"/v1.41%2Fcontainers%2Fcreate", "/containers/create", "1.41", minor(41), nil},
		{"/v%31.41/containers/create", "/containers/create", "1.41", minor(41), nil},
		{"http://localhost/v1.41/containers/create", "/containers/create", "1.41", minor(41), nil},
		{"http://user@host:1/containers/create?name=a", "/containers/create", "", nil, nil},
		{"http:/containers/create", "/containers/create", "", nil, nil},
		{"x:/v1.41/containers/create", "/containers/create", "1.41", minor(41), nil},
		{"unix://x/containers/create", "/containers/create", "", nil, nil},
		{"/v1.41.0/containers/create", "/containers/create", "1.41.0", nil, []string{AnomalyVersion}},
		{"/v01.041/containers/create", "/containers/create", "01.041", nil, []string{AnomalyVersion}},
		{"/v1.41./containers/create", "/containers/create", "1.41.", nil, []string{AnomalyVersion}},
		{"/v1.05/containers/create", "/containers/create", "1.05", nil, []string{AnomalyVersion}},
		{"/v1.41999999999/containers/create", "/containers/create", "1.41999999999", nil, []string{AnomalyVersion}},
		{"/v./containers/create", "/containers/create", ".", nil, []string{AnomalyVersion}},
		{"/v2.0/containers/create", "/containers/create", "2.0", nil, []string{AnomalyVersion}},
		{"/version", "/version", "", nil, nil},
		{"/volumes/v1.41", "/volumes/v1.41", "", nil, nil},
		{"//containers/create", "//containers/create", "", nil, []string{AnomalyPath}},
		{"/./containers/create", "/./containers/create", "", nil, []string{AnomalyPath}},
		{"/x/../containers/create", "/x/../containers/create", "", nil, []string{AnomalyPath}},
		{"/%2e%2e/containers/create", "/../containers/create", "", nil, []string{AnomalyPath}},
		{"/containers/a%00b/start", "/containers/a\x00b/start", "", nil, []string{AnomalyPath}},
		{"/containers/a%0Ab/start", "/containers/a\nb/start", "", nil, []string{AnomalyPath}},
		{"/containers/a%ff/start", "/containers/a\xff/start", "", nil, []string{AnomalyPath}},
		{"/images/create?tag=1&x=1#&fromImage=evil", "/images/create", "", nil, []string{AnomalyTarget}},
		{"/swarm/join?#%zz", "/swarm/join", "", nil, []string{AnomalyTarget, AnomalyQuery}},
		{"/images/create?a=%zz", "/images/create", "", nil, []string{AnomalyQuery}},
		{"/images/create?a=1;b=2", "/images/create", "", nil, []string{AnomalyQuery}},
		{"/images/create?fromImage=a&fromImage=b", "/images/create", "", nil, []string{AnomalyRepeat}},
		{"/images/create?fromImage=a&from%49mage=b", "/images/create", "", nil, []string{AnomalyRepeat}},
		{"/containers/create?Image=a&Cmd=sh&Cmd=-c", "/containers/create", "", nil, nil},
		{"/images/create?fromimage=a&fromimage=b", "/images/create", "", nil, []string{AnomalyRepeat}},
		{"/v1.45/system/df?type=image&type=volume", "/system/df", "1.45", minor(45), nil},
		{"/build?t=a&t=b", "/build", "", nil, nil},
		{"/containers/%zz", "", "", nil, []string{AnomalyTarget}},
		{"containers/create", "", "", nil, []string{AnomalyTarget}},
		{"", "", "", nil, []string{AnomalyTarget}},
	} {
		got := parseTarget(tc.uri)
		codes := []string(nil)
		for _, a := range got.anomalies {
			codes = append(codes, a.Code)
		}
		if diff := cmp.Diff([]any{tc.path, tc.version, tc.minor, tc.anomalies}, []any{got.path, got.version, got.minor, codes}); diff != "" {
			t.Errorf("%q: %s", tc.uri, diff)
		}
	}
}

// FuzzParseTarget checks that the target means what it means to net/http, and
// that what two readers take differently is said.
func FuzzParseTarget(f *testing.F) {
	for _, seed := range []string{"/v1.41/containers/create?name=a", "http:/x", "x:/v1.41/y?#%zz", "//a", "/%2e%2e/", "*", "/v1..41/", "/a?b;c"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, uri string) {
		got := parseTarget(uri)
		u, err := url.ParseRequestURI(uri)
		if err != nil {
			if len(got.anomalies) == 0 {
				t.Fatalf("%q: net/http refuses it (%v), no anomaly", uri, err)
			}
			return
		}
		prefix := ""
		if got.version != "" {
			prefix = "/v" + got.version
		}
		if prefix+got.path != u.Path {
			t.Fatalf("%q: path %q with version %q, net/http reads %q", uri, got.path, got.version, u.Path)
		}
		if len(got.anomalies) > 0 {
			return
		}
		if diff := cmp.Diff(map[string][]string(u.Query()), got.query); diff != "" {
			t.Fatalf("%q: query: %s", uri, diff)
		}
		if strict, err := url.Parse(uri); err != nil || strict.Path != u.Path {
			t.Fatalf("%q: url.Parse reads it differently (%v), no anomaly", uri, err)
		}
	})
}

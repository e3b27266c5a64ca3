package input

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseImage(t *testing.T) {
	hex := strings.Repeat("3e", 32)
	for value, want := range map[string]Image{
		"busybox":                          {Valid: true, Registry: "docker.io", Repository: "library/busybox"},
		"index.docker.io/evil/a":           {Valid: true, Registry: "docker.io", Repository: "evil/a"},
		"docker.io/busybox:1":              {Valid: true, Registry: "docker.io", Repository: "library/busybox", Tag: "1"},
		"evilorg/app":                      {Valid: true, Registry: "docker.io", Repository: "evilorg/app"},
		"localhost/x":                      {Valid: true, Registry: "localhost", Repository: "x"},
		"localhost:5000/x":                 {Valid: true, Registry: "localhost:5000", Repository: "x"},
		"10.0.0.1/x":                       {Valid: true, Registry: "10.0.0.1", Repository: "x"},
		"[::1]:5000/x":                     {Valid: true, Registry: "[::1]:5000", Repository: "x"},
		"Evil/x":                           {Valid: true, Registry: "Evil", Repository: "x"},
		"docker.io.evil.example/library/x": {Valid: true, Registry: "docker.io.evil.example", Repository: "library/x"},
		"a:t@sha256:" + hex:                {Valid: true, Registry: "docker.io", Repository: "library/a", Tag: "t", Digest: "sha256:" + hex},
		"sha256:" + hex:                    {ID: true, Valid: true, Registry: "docker.io", Repository: "library/sha256", Tag: hex},
		hex:                                {ID: true},
		"sha256:3ea8":                      {ID: true, Valid: true, Registry: "docker.io", Repository: "library/sha256", Tag: "3ea8"},
		"cafe":                             {ID: true, Valid: true, Registry: "docker.io", Repository: "library/cafe"},
		"cafe:1":                           {Valid: true, Registry: "docker.io", Repository: "library/cafe", Tag: "1"},
		"":                                 {},
		"a b":                              {},
		"UPPER":                            {},
	} {
		want.Use, want.Value, want.Field = "run", value, "Image"
		if want.Valid {
			want.Name = want.Registry + "/" + want.Repository
		}
		if diff := cmp.Diff(want, parseImage("run", value, "Image")); diff != "" {
			t.Errorf("%q: %s", value, diff)
		}
	}
}

func TestImageOperations(t *testing.T) {
	for _, tc := range []struct {
		method, uri string
		want        []string // use and value
	}{
		{"POST", "/images/create?fromImage=busybox&tag=1", []string{"pull busybox:1"}},
		{"POST", "/images/create?fromImage=localhost:1/evil:", []string{"pull localhost:1/evil"}},
		{"POST", "/images/create?from%49mage=evil%2Fx", []string{"pull evil/x"}},
		{"POST", "/images/create?fromImage=a:1&tag=2", []string{"pull a:2"}},
		{"POST", "/images/create?fromImage=localhost:5000/a&tag=2", []string{"pull localhost:5000/a:2"}},
		{"POST", "/images/create?fromImage=a&tag=sha256:" + strings.Repeat("3e", 32), []string{"pull a@sha256:" + strings.Repeat("3e", 32)}},
		{"POST", "/images/create?fromSrc=-&repo=a&tag=b", []string{"import a:b"}},
		{"POST", "/images/create?fromSrc=-", []string{"import "}},
		{"POST", "/images/evil.example%2Fapp:1/tag?repo=r.example.com/a&tag=t", []string{"tag_source evil.example/app:1", "tag r.example.com/a:t"}},
		{"POST", "/images/localhost:1/x/push?tag=1", []string{"push localhost:1/x:1"}},
		{"POST", "/commit?container=c&repo=a&tag=b", []string{"commit a:b"}},
		{"POST", "/build?t=a&t=b", []string{"build a", "build b"}},
		{"POST", "/images/load", []string{"load "}},
		{"DELETE", "/images/a/b:1", []string{"remove a/b:1"}},
		{"GET", "/distribution/localhost:1/x/json", []string{"inspect localhost:1/x"}},
	} {
		var got []string
		for _, img := range FromRequest(Request{Method: tc.method, URI: tc.uri}).Images {
			got = append(got, img.Use+" "+img.Value)
		}
		if diff := cmp.Diff(tc.want, got); diff != "" {
			t.Errorf("%s: %s", tc.uri, diff)
		}
	}
}

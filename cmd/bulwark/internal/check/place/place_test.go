package place

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

const file = `x: &base
  image: busybox
  list: [a,
         b]
y:
  <<: *base
  user: root
z:
  <<: [*base, {user: "1"}]
settings:
  - A=1
  - B
dotted.name: {k: v}
`

func TestFind(t *testing.T) {
	tree := Parse([]byte(file))
	for _, tc := range []struct {
		path  Path
		line  int
		found string
	}{
		{Path{"y", "user"}, 7, "y.user"},
		{Path{"y", "image"}, 2, "y.image"},
		{Path{"y", "list", 1}, 4, "y.list[1]"},
		{Path{"y", "list", 2}, 3, "y.list"},
		{Path{"z", "user"}, 9, "z.user"},
		{Path{"z", "none", "deeper"}, 8, "z"},
		{Path{"settings", "A"}, 11, "settings.A"},
		{Path{"settings", "B"}, 12, "settings.B"},
		{Path{"dotted.name", "k"}, 13, "dotted.name.k"},
		{Path{"none"}, 0, ""},
		{nil, 0, ""},
	} {
		if line, found := tree.Find(tc.path); line != tc.line || found.String() != tc.found {
			t.Errorf("%v: line %d, %q; want %d, %q", tc.path, line, found, tc.line, tc.found)
		}
	}
	if line, found := Parse([]byte("{")).Find(Path{"a"}); line != 0 || len(found) != 0 {
		t.Errorf("a file that is broken: %d, %q", line, found)
	}
	if line, found := Parse([]byte("a: &a {<<: *a}")).Find(Path{"a", "b", "c"}); line != 1 || found.String() != "a" {
		t.Errorf("a mapping that is merged into itself: %d, %q", line, found)
	}
}

func TestValue(t *testing.T) {
	tree := Parse([]byte("a: &a {k: v}\nlist: [x, *a, [y]]\ntext: t\n"))
	for _, tc := range []struct {
		path Path
		want Value
	}{
		{Path{"text"}, Value{Text: "t"}},
		{Path{"list", 1}, Value{Members: map[string]string{"k": "v"}}},
		{Path{"list"}, Value{List: []Value{{Text: "x"}, {Members: map[string]string{"k": "v"}}, {}}}},
		{Path{"none", "deeper"}, Value{}},
	} {
		if diff := cmp.Diff(tc.want, tree.Value(tc.path)); diff != "" {
			t.Errorf("%v: -want +got\n%s", tc.path, diff)
		}
	}
	if line, column := tree.Position(Path{"list", 0, "deeper"}); line != 2 || column != 8 {
		t.Errorf("position %d:%d", line, column)
	}
}

func TestSyntax(t *testing.T) {
	if err := Syntax("x.yaml", []byte("a: b")); err != nil {
		t.Error(err)
	}
	if err := Syntax("x.yaml", []byte("a: [b")); err == nil || err.Error() != "x.yaml:1:1: not YAML: a list in [ ] is not closed, or a comma is missing" {
		t.Error(err)
	}
}

func TestField(t *testing.T) {
	for field, want := range map[string]string{
		"HostConfig.Binds[0]":                             "HostConfig.Binds[0]",
		`HostConfig.Sysctls["net.core.somaxconn"]`:        "HostConfig.Sysctls.net.core.somaxconn",
		`HostConfig.PortBindings["80/tcp"][1]`:            "HostConfig.PortBindings.80/tcp[1]",
		`Volumes["a \" quote"]`:                           `Volumes.a " quote`,
		"HostConfig.Binds[99999999999999999999]":          "HostConfig.Binds",
		"the archive":                                     "the",
		"":                                                "",
		`HostConfig.Binds[0]["device"].x`:                 "HostConfig.Binds[0].device.x",
		"HostConfig.Mounts[2].VolumeOptions.DriverConfig": "HostConfig.Mounts[2].VolumeOptions.DriverConfig",
	} {
		if got := Field(field).String(); got != want {
			t.Errorf("%s: %q, want %q", field, got, want)
		}
	}
}

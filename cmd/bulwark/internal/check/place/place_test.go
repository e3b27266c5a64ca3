package place

import "testing"

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

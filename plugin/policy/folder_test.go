package policy

import (
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// configFolder is an empty folder /etc/bulwark of a host of its own.
func configFolder(t *testing.T) (folder Folder, dir string) {
	t.Helper()
	root := t.TempDir()
	dir = filepath.Join(root, "etc/bulwark")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return Folder{Root: root, Dir: "/etc/bulwark"}, dir
}

// write makes or replaces a file in one step: a test must not be seen half way.
func write(t *testing.T, file, text string) {
	t.Helper()
	must(t, os.MkdirAll(filepath.Dir(file), 0o755))
	must(t, os.WriteFile(filepath.Dir(file)+"/.new", []byte(text), 0o644), os.Rename(filepath.Dir(file)+"/.new", file))
}

func link(t *testing.T, target, file string) {
	t.Helper()
	if err := os.Symlink(target, file); err != nil {
		t.Fatal(err)
	}
}

func contents(s Snapshot) map[string]string {
	all := map[string]string{}
	for name, file := range s.files {
		all[name] = string(file.Data)
	}
	return all
}

func TestReadFolder(t *testing.T) {
	for name, test := range map[string]struct {
		make func(t *testing.T, root, dir string)
		want map[string]string
	}{
		"empty": {func(*testing.T, string, string) {}, map[string]string{}},
		"missing": {func(t *testing.T, _, dir string) {
			if err := os.Remove(dir); err != nil {
				t.Fatal(err)
			}
		}, map[string]string{}},
		"files in folders": {func(t *testing.T, _, dir string) {
			write(t, dir+"/settings.yaml", "a")
			write(t, dir+"/rules/x/x.rego", "b")
		}, map[string]string{"settings.yaml": "a", "rules/x/x.rego": "b"}},
		"hidden names are left out": {func(t *testing.T, _, dir string) {
			write(t, dir+"/.git/HEAD", "a")
			write(t, dir+"/.settings.yaml.swp", "b")
			link(t, "user@host.4711", dir+"/.#settings.yaml")
		}, map[string]string{}},
		"a folder of Kubernetes": {func(t *testing.T, _, dir string) {
			write(t, dir+"/..2026_01_01/settings.yaml", "a")
			write(t, dir+"/..2026_01_01/rules/x/x.rego", "b")
			link(t, "..2026_01_01", dir+"/..data")
			link(t, "..data/settings.yaml", dir+"/settings.yaml")
			link(t, "..data/rules", dir+"/rules")
		}, map[string]string{"settings.yaml": "a", "rules/x/x.rego": "b"}},
		"a link is followed as the host follows it": {func(t *testing.T, root, dir string) {
			write(t, root+"/srv/site.yaml", "a")
			link(t, "/srv/site.yaml", dir+"/settings.yaml")
		}, map[string]string{"settings.yaml": "a"}},
		"the folder is a link": {func(t *testing.T, root, dir string) {
			write(t, root+"/srv/bulwark/settings.yaml", "a")
			if err := os.Remove(dir); err != nil {
				t.Fatal(err)
			}
			link(t, "/srv/bulwark", dir)
		}, map[string]string{"settings.yaml": "a"}},
	} {
		t.Run(name, func(t *testing.T) {
			folder, dir := configFolder(t)
			test.make(t, folder.Root, dir)
			got, err := folder.Read()
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, contents(got)); diff != "" {
				t.Error(diff)
			}
			if len(got.Hash) != 64 {
				t.Errorf("hash %q", got.Hash)
			}
		})
	}
}

// TestReadFolderFails holds the exact words, which name the host's files as the host does.
func TestReadFolderFails(t *testing.T) {
	for want, build := range map[string]func(t *testing.T, dir string){
		"reading /etc/bulwark/settings.yaml: no such file or directory": func(t *testing.T, dir string) {
			link(t, "/srv/gone", dir+"/settings.yaml")
		},
		"reading /etc/bulwark: no such file or directory": func(t *testing.T, dir string) {
			if err := os.Remove(dir); err != nil {
				t.Fatal(err)
			}
			link(t, "/srv/gone", dir)
		},
		"reading /etc/bulwark: not a directory": func(t *testing.T, dir string) {
			if err := os.Remove(dir); err != nil {
				t.Fatal(err)
			}
			write(t, dir, "")
		},
		"reading /etc/bulwark/data/pipe: it is neither a file nor a folder; remove it": func(t *testing.T, dir string) {
			write(t, dir+"/data/a.yaml", "")
			if err := syscall.Mkfifo(dir+"/data/pipe", 0o644); err != nil {
				t.Fatal(err)
			}
		},
		"reading /etc/bulwark: it has more than 1000 files and folders; keep nothing else in it": func(t *testing.T, dir string) {
			link(t, ".", dir+"/loop")
			for i := range 40 {
				write(t, fmt.Sprintf("%s/data/%d.yaml", dir, i), "")
			}
		},
		"reading /etc/bulwark: its files are larger than 16 MiB together; keep nothing else in it": func(t *testing.T, dir string) {
			write(t, dir+"/data/a.yaml", strings.Repeat("a", mostBytes))
			write(t, dir+"/data/b.yaml", "b")
		},
	} {
		t.Run(want, func(t *testing.T) {
			folder, dir := configFolder(t)
			build(t, dir)
			got, err := folder.Read()
			if err == nil || err.Error() != want || got.Hash != "" {
				t.Errorf("error %v, hash %q; want %s", err, got.Hash, want)
			}
		})
	}
}

// TestUnreadableIsNoDefault: what cannot be read must not count as missing.
func TestUnreadableIsNoDefault(t *testing.T) {
	if os.Getuid() == 0 {
		t.Skip("root can read everything")
	}
	folder, dir := configFolder(t)
	write(t, dir+"/settings.yaml", "profile: restricted")
	if err := os.Chmod(dir+"/settings.yaml", 0); err != nil {
		t.Fatal(err)
	}
	if _, err := folder.Read(); err == nil || err.Error() != "reading /etc/bulwark/settings.yaml: permission denied" {
		t.Errorf("error %v", err)
	}
}

func TestRelativeFolder(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "etc/settings.yaml", "a")
	got, err := Folder{Dir: "etc"}.Read()
	if diff := cmp.Diff(map[string]string{"settings.yaml": "a"}, contents(got)); err != nil || diff != "" {
		t.Errorf("%v\n%s", err, diff)
	}
	write(t, "etc/data/x/y", "a")
	if err := os.Remove("etc/data/x/y"); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo("etc/data/x/y", 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := (Folder{Dir: "etc"}).Read(); err == nil || err.Error() != "reading etc/data/x/y: it is neither a file nor a folder; remove it" {
		t.Errorf("error %v", err)
	}
}

// TestHashTellsFoldersApart: names and contents cannot be shifted into each other.
func TestHashTellsFoldersApart(t *testing.T) {
	folders := []map[string]string{
		{}, {"a": ""}, {"a": "b"}, {"ab": ""}, {"a": "", "b": ""}, {"a/b": ""}, {"a": "b", "c": "d"}, {"a": "d", "c": "b"}, {"a\nb": ""},
	}
	seen := map[string]int{}
	for i, files := range folders {
		folder, dir := configFolder(t)
		for _, name := range slices.Sorted(maps.Keys(files)) {
			write(t, filepath.Join(dir, name), files[name])
		}
		got, err := folder.Read()
		if err != nil {
			t.Fatal(err)
		}
		if before, ok := seen[got.Hash]; ok {
			t.Errorf("folders %d and %d have the same hash", before, i)
		}
		seen[got.Hash] = i
	}
}

func TestSnapshotNeverChanges(t *testing.T) {
	folder, dir := configFolder(t)
	write(t, dir+"/settings.yaml", "before")
	got, err := folder.Read()
	if err != nil {
		t.Fatal(err)
	}
	must(t, os.WriteFile(dir+"/settings.yaml", []byte("after"), 0o644))
	if text, err := fs.ReadFile(got.FS(), SettingsFile); err != nil || string(text) != "before" {
		t.Errorf("%q, %v", text, err)
	}
}

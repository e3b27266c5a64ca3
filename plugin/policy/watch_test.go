package policy

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"
)

// patience is how long a test waits for what must happen.
const patience = 20 * time.Second

// errTestBroken is the fault of a test's policy whose settings.yaml begins with "bad".
var errTestBroken = errors.New("it is broken")

// testLoad makes an empty engine, which says which settings it is of.
func testLoad(s Snapshot) (*Engine, error) {
	text := ""
	if file := s.files[SettingsFile]; file != nil {
		text = string(file.Data)
	}
	if strings.HasPrefix(text, "bad") {
		return nil, errTestBroken
	}
	return &Engine{settings: Settings{Profile: text}}, nil
}

// outcome is a Loaded as a test states it.
type outcome struct {
	Settings string
	Changed  []string
	Err      string
}

// watchFolder watches a folder until the test ends. next waits for what it loads.
func watchFolder(t *testing.T, w *watcher) (next func() outcome) {
	t.Helper()
	loads := make(chan Loaded, 100)
	w.apply, w.load = func(l Loaded) { loads <- l }, testLoad
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer w.close()
		w.run(ctx)
	}()
	t.Cleanup(func() { cancel(); <-done })
	return func() outcome {
		t.Helper()
		select {
		case l := <-loads:
			o := outcome{Changed: l.Changed}
			if l.Err != nil {
				o.Err = l.Err.Error()
			}
			if l.Engine != nil {
				o.Settings = l.Engine.settings.Profile
			}
			return o
		case <-time.After(patience):
			t.Fatal("nothing was loaded")
			return outcome{}
		}
	}
}

// sources are the two ways to notice a change, each without the other.
var sources = map[string]func(t *testing.T, folder Folder) *watcher{
	"events": func(t *testing.T, folder Folder) *watcher {
		w := &watcher{read: folder.Read, poll: time.Hour, settle: 20 * time.Millisecond}
		if err := w.open(); err != nil {
			t.Fatal(err)
		}
		return w
	},
	"polling": func(_ *testing.T, folder Folder) *watcher {
		return &watcher{read: folder.Read, poll: 10 * time.Millisecond, settle: 20 * time.Millisecond}
	},
}

func must(t *testing.T, errs ...error) {
	t.Helper()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
}

// TestWatchFollows makes the changes that editors and tools make.
func TestWatchFollows(t *testing.T) {
	steps := []struct {
		name string
		make func(t *testing.T, root, dir string)
		want outcome
	}{
		{"a file is made", func(t *testing.T, _, dir string) {
			write(t, dir+"/settings.yaml", "1")
		}, outcome{Settings: "1", Changed: []string{"settings.yaml added"}}},
		{"a file is written", func(t *testing.T, _, dir string) {
			file, err := os.OpenFile(dir+"/settings.yaml", os.O_WRONLY, 0)
			must(t, err)
			_, err = file.WriteString("2")
			must(t, err, file.Close())
		}, outcome{Settings: "2", Changed: []string{"settings.yaml changed"}}},
		{"a file is renamed into place", func(t *testing.T, _, dir string) {
			write(t, dir+"/settings.yaml", "3")
		}, outcome{Settings: "3", Changed: []string{"settings.yaml changed"}}},
		{"it is broken", func(t *testing.T, _, dir string) {
			write(t, dir+"/settings.yaml", "bad")
		}, outcome{Err: "it is broken", Changed: []string{"settings.yaml changed"}}},
		{"it is mended", func(t *testing.T, _, dir string) {
			write(t, dir+"/settings.yaml", "3")
		}, outcome{Settings: "3", Changed: []string{"settings.yaml changed"}}},
		{"folders in folders are made", func(t *testing.T, _, dir string) {
			write(t, dir+"/rules/x/x.rego", "x")
		}, outcome{Settings: "3", Changed: []string{"rules/x/x.rego added"}}},
		{"a file in them is written", func(t *testing.T, _, dir string) {
			write(t, dir+"/rules/x/x.rego", "y")
		}, outcome{Settings: "3", Changed: []string{"rules/x/x.rego changed"}}},
		{"they are removed", func(t *testing.T, _, dir string) {
			must(t, os.RemoveAll(dir+"/rules"))
		}, outcome{Settings: "3", Changed: []string{"rules/x/x.rego removed"}}},
		{"the folder is replaced", func(t *testing.T, root, dir string) {
			write(t, root+"/etc/new/settings.yaml", "4")
			must(t, unix.Renameat2(unix.AT_FDCWD, root+"/etc/new", unix.AT_FDCWD, dir, unix.RENAME_EXCHANGE))
		}, outcome{Settings: "4", Changed: []string{"settings.yaml changed"}}},
		{"a file of the new one is written", func(t *testing.T, _, dir string) {
			write(t, dir+"/settings.yaml", "5")
		}, outcome{Settings: "5", Changed: []string{"settings.yaml changed"}}},
		{"a link takes its place", func(t *testing.T, _, dir string) {
			write(t, dir+"/..1/settings.yaml", "6")
			link(t, "..1", dir+"/..data")
			link(t, "..data/settings.yaml", dir+"/.settings.yaml.new")
			must(t, os.Rename(dir+"/.settings.yaml.new", dir+"/settings.yaml"))
		}, outcome{Settings: "6", Changed: []string{"settings.yaml changed"}}},
		{"Kubernetes swaps its link", func(t *testing.T, _, dir string) {
			write(t, dir+"/..2/settings.yaml", "7")
			link(t, "..2", dir+"/..data_tmp")
			must(t, os.Rename(dir+"/..data_tmp", dir+"/..data"), os.RemoveAll(dir+"/..1"))
		}, outcome{Settings: "7", Changed: []string{"settings.yaml changed"}}},
		{"what the link leads to is away", func(t *testing.T, _, dir string) {
			must(t, os.Rename(dir+"/..data", dir+"/..away"))
		}, outcome{Err: "reading /etc/bulwark/settings.yaml: no such file or directory"}},
		{"it is back", func(t *testing.T, _, dir string) {
			must(t, os.Rename(dir+"/..away", dir+"/..data"))
		}, outcome{Settings: "7"}},
		{"the folder is removed", func(t *testing.T, root, _ string) {
			must(t, os.Rename(root+"/etc", root+"/gone"))
		}, outcome{Changed: []string{"settings.yaml removed"}}},
		{"it is made anew", func(t *testing.T, _, dir string) {
			write(t, dir+"/settings.yaml", "8")
		}, outcome{Settings: "8", Changed: []string{"settings.yaml added"}}},
	}
	for source, open := range sources {
		t.Run(source, func(t *testing.T) {
			folder, dir := configFolder(t)
			next := watchFolder(t, open(t, folder))
			if diff := cmp.Diff(outcome{}, next()); diff != "" {
				t.Fatalf("at first: %s", diff)
			}
			for _, step := range steps {
				step.make(t, folder.Root, dir)
				if diff := cmp.Diff(step.want, next()); diff != "" {
					t.Fatalf("%s: %s", step.name, diff)
				}
			}
		})
	}
}

// TestWatchStartsWithWhatIsThere: a folder that is broken at first is no reason to stop looking.
func TestWatchStartsWithWhatIsThere(t *testing.T) {
	for source, open := range sources {
		t.Run(source, func(t *testing.T) {
			folder, dir := configFolder(t)
			write(t, dir+"/settings.yaml", "bad")
			next := watchFolder(t, open(t, folder))
			if diff := cmp.Diff(outcome{Err: "it is broken", Changed: []string{"settings.yaml added"}}, next()); diff != "" {
				t.Fatal(diff)
			}
			write(t, dir+"/settings.yaml", "1")
			if diff := cmp.Diff(outcome{Settings: "1", Changed: []string{"settings.yaml changed"}}, next()); diff != "" {
				t.Fatal(diff)
			}
		})
	}
}

// TestEachStateIsLoadedOnce looks at a folder many times.
func TestEachStateIsLoadedOnce(t *testing.T) {
	folder, dir := configFolder(t)
	loads := 0
	w := &watcher{read: folder.Read, load: testLoad, apply: func(Loaded) { loads++ }}
	for _, text := range []string{"1", "bad", "1"} {
		write(t, dir+"/settings.yaml", text)
		for range 3 {
			w.check(t.Context())
		}
	}
	must(t, os.Remove(dir+"/settings.yaml"), os.Symlink("gone", dir+"/settings.yaml"))
	for range 3 {
		w.check(t.Context())
	}
	if loads != 4 {
		t.Errorf("%d loads, want 4", loads)
	}
}

// TestPanicIsAFault: whatever a folder does to the compiler, the plugin goes on.
func TestPanicIsAFault(t *testing.T) {
	folder, dir := configFolder(t)
	var got []Loaded
	w := &watcher{read: folder.Read, apply: func(l Loaded) { got = append(got, l) }}
	w.load = func(Snapshot) (*Engine, error) { panic("oops") }
	w.check(t.Context())
	w.load = testLoad
	write(t, dir+"/settings.yaml", "1")
	w.check(t.Context())
	if len(got) != 2 || got[0].Engine != nil || got[0].Err.Error() != "loading /etc/bulwark: panic: oops" || got[1].Err != nil {
		t.Errorf("%+v", got)
	}
}

// TestHalfWrittenIsNotApplied: what differs from one look to the next is being written.
func TestHalfWrittenIsNotApplied(t *testing.T) {
	for name, test := range map[string]struct {
		states []string // what each look finds; the last stays
		want   []string
	}{
		"at rest":              {[]string{"1"}, []string{"1"}},
		"being written":        {[]string{"1", "2", "3", "3"}, []string{"3"}},
		"back and forth":       {[]string{"1", "2", "1", "2", "1", "1"}, []string{"1"}},
		"never at rest":        {[]string{"1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11"}, nil},
		"unreadable meanwhile": {[]string{"error", "1", "1"}, []string{"1"}},
		"unreadable":           {[]string{"error"}, []string{"reading: error"}},
		"back to what was":     {[]string{"1", "2", "before"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			loads := 0
			w := &watcher{state: "before", load: func(s Snapshot) (*Engine, error) {
				loads++
				return testLoad(s)
			}}
			w.apply = func(l Loaded) {
				if l.Err != nil {
					got = append(got, l.Err.Error())
					return
				}
				got = append(got, l.Hash)
			}
			w.read = func() (Snapshot, error) {
				state := test.states[0]
				if len(test.states) > 1 {
					test.states = test.states[1:]
				}
				if state == "error" {
					return Snapshot{}, errors.New("reading: error")
				}
				return Snapshot{Hash: state}, nil
			}
			w.check(t.Context())
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
			if loads > 2 { // what was seen first, and what stayed
				t.Errorf("%d loads", loads)
			}
		})
	}
}

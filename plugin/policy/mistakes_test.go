package policy

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
)

var update = flag.Bool("update", false, "write what is said of each mistake anew, to be read before it is committed")

// TestMistakes: each of testdata/mistakes is a configuration folder with one
// mistake in it. None loads, and its author reads what is in the file `want`:
// what is wrong, where, and what to do.
func TestMistakes(t *testing.T) {
	files, err := filepath.Glob("testdata/mistakes/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	if len(files) < 100 {
		t.Fatalf("only %d mistakes", len(files))
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			files := fstest.MapFS{}
			for _, f := range archive.Files {
				files[f.Name] = &fstest.MapFile{Data: f.Data}
			}
			want := strings.TrimSuffix(string(files["want"].Data), "\n")
			delete(files, "want")
			engine, err := LoadFS(files, "/etc/bulwark")
			if err == nil || engine != nil {
				t.Fatal("it loads")
			}
			if !strings.HasPrefix(err.Error(), "/etc/bulwark/") || strings.Count(err.Error(), "\n") > 1 {
				t.Errorf("it has no place, or is more than a line or two: %v", err)
			}
			if *update {
				archive.Files[len(archive.Files)-1].Data = []byte(err.Error() + "\n")
				if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(want, err.Error()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

package policies

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bulwark-authz/bulwark/plugin/input"
)

// TestObjects compares the file that tells which objects of the input are
// there for an operation with what requests are described by.
func TestObjects(t *testing.T) {
	want, err := json.MarshalIndent(input.Objects(), "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	want = append(want, '\n')
	if *update {
		if err := os.WriteFile("schemas/objects.json", want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile("schemas/objects.json")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(got), string(want)); diff != "" {
		t.Errorf("schemas/objects.json is not what requests are described by; run `go generate ./policies`:\n%s", diff)
	}
}

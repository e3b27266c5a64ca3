package policies

import "testing"

// TestVetAcceptsWhatIsBuiltIn: what is checked in a site's rules finds nothing
// in ours, which are tested line by line.
func TestVetAcceptsWhatIsBuiltIn(t *testing.T) {
	bundle, err := Read(files)
	if err != nil {
		t.Fatal(err)
	}
	compiler, err := bundle.Compile()
	if err != nil {
		t.Fatal(err)
	}
	all := sortedKeys(compiler.Modules)
	if len(all) < 50 {
		t.Fatalf("there are only %d modules", len(all))
	}
	if err := bundle.vet(compiler, all); err != nil {
		t.Error(err)
	}
}

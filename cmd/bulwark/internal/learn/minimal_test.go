package learn

import (
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// numbered are openings that tests tell apart by their values.
func numbered(numbers ...int) []Opening {
	var openings []Opening
	for _, n := range numbers {
		openings = append(openings, Opening{Value: n})
	}
	return openings
}

func TestMinimal(t *testing.T) {
	contains := func(openings []Opening, n int) bool {
		return slices.ContainsFunc(openings, func(o Opening) bool { return o.Value == n })
	}
	all := numbered(1, 2, 3, 4, 5, 6, 7, 8, 9)
	for name, test := range map[string]struct {
		enough func([]Opening) bool
		want   []Opening
	}{
		"one":                  {func(o []Opening) bool { return contains(o, 7) }, numbered(7)},
		"two together":         {func(o []Opening) bool { return contains(o, 2) && contains(o, 9) }, numbered(2, 9)},
		"the earlier of two":   {func(o []Opening) bool { return contains(o, 3) || contains(o, 8) }, numbered(3)},
		"all":                  {func(o []Opening) bool { return len(o) == len(all) }, all},
		"earlier pairs before": {func(o []Opening) bool { return contains(o, 1) && contains(o, 2) || contains(o, 9) }, numbered(1, 2)},
	} {
		tries := 0
		got, err := minimal(all, func(o []Opening) (bool, error) { tries++; return test.enough(o), nil })
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(test.want, got); diff != "" || tries > 2*len(all) {
			t.Errorf("%s: %d tries; -want +got:\n%s", name, tries, diff)
		}
	}
	boo := errors.New("boo")
	if _, err := minimal(all, func([]Opening) (bool, error) { return false, boo }); !errors.Is(err, boo) {
		t.Error(err)
	}
}

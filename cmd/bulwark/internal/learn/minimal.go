package learn

import "slices"

// minimal is a smallest part of openings that is enough: nothing can be left
// out of it. None of them must not be enough, all of them must be, and more must
// never be worse. Earlier openings are preferred, and it takes few tries
// (QuickXplain, Junker 2004).
func minimal(openings []Opening, enough func([]Opening) (bool, error)) ([]Opening, error) {
	return explain(nil, false, openings, enough)
}

// explain is minimal beside what is given; changed says that given has grown
// since it was last tried.
func explain(given []Opening, changed bool, openings []Opening, enough func([]Opening) (bool, error)) ([]Opening, error) {
	if changed {
		if yes, err := enough(given); yes || err != nil {
			return nil, err
		}
	}
	if len(openings) <= 1 {
		return openings, nil
	}
	first, second := openings[:len(openings)/2], openings[len(openings)/2:]
	last, err := explain(slices.Concat(given, first), true, second, enough)
	if err != nil {
		return nil, err
	}
	more, err := explain(slices.Concat(given, last), len(last) > 0, first, enough)
	return slices.Concat(more, last), err
}

package policies

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"
	"github.com/open-policy-agent/opa/v1/ast"
)

// placed says errors of OPA as "file:line:column: text", one for each fault,
// with what may have been meant.
func placed(err error) error {
	var all ast.Errors
	if !errors.As(err, &all) {
		return err
	}
	var errs []error
	for _, e := range all {
		errs = append(errs, placeOne(e))
	}
	return errors.Join(errs...)
}

func placeOne(e *ast.Error) error {
	text := strings.TrimSpace(e.Message) + meant(e.Details)
	if e.Location == nil || e.Location.File == "" {
		return errors.New(text)
	}
	return fmt.Errorf("%s:%d:%d: %s", e.Location.File, e.Location.Row, e.Location.Col, text)
}

// meant is the name closest to one that does not exist.
func meant(details ast.ErrorDetails) string {
	invalid, ok := details.(*ast.RefErrInvalidDetail)
	if !ok || invalid.Pos >= len(invalid.Ref) {
		return ""
	}
	wrong, ok := invalid.Ref[invalid.Pos].Value.(ast.String)
	if !ok {
		return ""
	}
	var names []string
	for _, value := range invalid.OneOf {
		if name, ok := value.(ast.String); ok {
			names = append(names, string(name))
		}
	}
	return fmt.Sprintf(": there is no %q%s", string(wrong), closest(string(wrong), names))
}

// closest is the name that may have been meant, or all of a few.
func closest(wrong string, names []string) string {
	const few = 12
	best := ""
	for _, name := range slices.Sorted(slices.Values(names)) {
		if d := levenshtein.ComputeDistance(strings.ToLower(wrong), strings.ToLower(name)); d <= 1+len(wrong)/4 &&
			(best == "" || d < levenshtein.ComputeDistance(strings.ToLower(wrong), strings.ToLower(best))) {
			best = name
		}
	}
	switch {
	case best != "":
		return fmt.Sprintf(" (did you mean %q?)", best)
	case len(names) > 0 && len(names) <= few:
		return fmt.Sprintf(" (there are %s)", strings.Join(slices.Sorted(slices.Values(names)), ", "))
	}
	return ""
}

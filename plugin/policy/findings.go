package policy

import (
	"errors"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/topdown"
)

var errNoFinding = errors.New("it needs field and msg, perhaps fix, and nothing else, all of them text")

// findingsIn takes a rule's findings out of a result. Anything that is not
// shaped like them is an error.
func (r *askedRule) findingsIn(result topdown.QueryResult) ([]finding, error) {
	set, ok := valueOf(result[r.deny]).(ast.Set)
	if !ok {
		return nil, errUndefined
	}
	if set.Len() == 0 {
		return nil, nil
	}
	var exceptions []string
	if term := result[r.except]; term != nil {
		if exceptions, ok = textsOf(term.Value); !ok {
			return nil, errUndefined
		}
	}
	findings := make([]finding, 0, set.Len())
	for _, element := range set.Slice() {
		f := finding{Rule: r.name, Exceptions: exceptions}
		if !f.readViolation(element.Value) {
			return nil, errNoFinding
		}
		findings = append(findings, f)
	}
	return findings, nil
}

func (f *finding) readViolation(value ast.Value) bool {
	object, ok := value.(ast.Object)
	if !ok {
		return false
	}
	good := true
	object.Foreach(func(key, value *ast.Term) {
		name, isName := key.Value.(ast.String)
		text, isText := value.Value.(ast.String)
		good = good && isName && isText
		switch found := string(text); name {
		case "field":
			f.Violation.Field = &found
		case "msg":
			f.Violation.Msg = &found
		case "fix":
			f.Violation.Fix = found
		default:
			good = false
		}
	})
	return good && f.Violation.Field != nil && f.Violation.Msg != nil && *f.Violation.Msg != ""
}

func valueOf(term *ast.Term) ast.Value {
	if term == nil {
		return nil
	}
	return term.Value
}

// textsOf reads a set of texts.
func textsOf(value ast.Value) ([]string, bool) {
	set, ok := value.(ast.Set)
	if !ok {
		return nil, false
	}
	texts := make([]string, 0, set.Len())
	for _, element := range set.Slice() {
		text, ok := element.Value.(ast.String)
		if !ok {
			return nil, false
		}
		texts = append(texts, string(text))
	}
	return texts, true
}

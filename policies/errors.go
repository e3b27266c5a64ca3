package policies

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/types"

	"github.com/bulwark-authz/bulwark/policies/yamlschema"
)

// placed says errors of OPA as "file:line:column: text", the first one for each
// place, with what may have been meant.
func placed(err error) error {
	var all ast.Errors
	if !errors.As(err, &all) {
		return err
	}
	var errs []error
	var places []string
	recursive := false
	for _, e := range all {
		place := ""
		if e.Location != nil && e.Location.File != "" {
			place = fmt.Sprintf("%s:%d:%d: ", e.Location.File, e.Location.Row, max(e.Location.Col, 1))
		}
		if slices.Contains(places, place) || recursive && e.Code == ast.RecursionErr {
			continue // the same, once more
		}
		places, recursive = append(places, place), recursive || e.Code == ast.RecursionErr
		errs = append(errs, errors.New(place+explain(e)))
	}
	return errors.Join(errs...)
}

// explanations are for what OPA says in its own terms.
var explanations = []struct {
	says    *regexp.Regexp
	explain string
}{
	{regexp.MustCompile(`^var (\S+) is unsafe$`), "$1 has no value here; give it one with :=, or with `some $1 in ...`"},
	{regexp.MustCompile(`^assigned var (\S+) unused$`), "$1 is assigned and never used; use it, or remove it"},
	{regexp.MustCompile(`^(?:declared )?var (\S+) (?:is )?unused$`), "$1 is declared and never used; use it, or remove it"},
	{regexp.MustCompile(`^import (\S+) unused$`), "the import of $1 is never used; use it, or remove it"},
	{regexp.MustCompile("^`(?:if|contains)` keyword is required .*"), "this is Rego from before version 1; write `deny contains {...} if { ... }`, with `if` before each body"},
	{regexp.MustCompile(`^unexpected eof token.*`), "the file ends in the middle of a rule; a {, [ or ( is not closed"},
	{regexp.MustCompile(`^unexpected and token.*`), "there is no &&; write each condition on a line of its own, and all of them must hold"},
	{regexp.MustCompile(`^unexpected or token.*`), "there is no ||; write `or` between the conditions"},
	{regexp.MustCompile(`^illegal ! character$`), "there is no !; write `not`"},
	{regexp.MustCompile(`^illegal token$`), "a character that Rego does not know; text is in double quotes"},
	{regexp.MustCompile(`^package expected$`), "the file has no line `package`"},
	{regexp.MustCompile(`^rule \S+ is recursive: (.+)$`), "a rule needs itself to be decided: $1"},
}

func explain(e *ast.Error) string {
	text := strings.TrimSpace(e.Message)
	switch details := e.Details.(type) {
	case *ast.RefErrInvalidDetail:
		return strings.TrimPrefix(text, "undefined ref: ") + meant(details)
	case *ast.ArgErrDetail:
		return text + ": it " + strings.Join(strings.Split(details.Lines()[0], "have: "), "is given ") + " and wants " + strings.TrimPrefix(details.Lines()[1], "want: ")
	case *ast.UnificationErrDetail:
		return fmt.Sprintf("%s can never be equal to %s", kindOf(details.Left), kindOf(details.Right))
	}
	if name, ok := strings.CutPrefix(text, "undefined function "); ok {
		return noFunction(name)
	}
	for _, x := range explanations {
		if x.says.MatchString(text) {
			return x.says.ReplaceAllString(text, x.explain)
		}
	}
	return text
}

// kindOf is object for object<name: string>.
func kindOf(t types.Type) string {
	kind, _, _ := strings.Cut(types.Sprint(t), "<")
	kind, _, _ = strings.Cut(kind, "[")
	return kind
}

// noFunction says why a function cannot be called.
func noFunction(name string) string {
	builtins, err := builtins()
	if err != nil {
		return err.Error()
	}
	for _, reasons := range []map[string][]string{builtins.Authz, builtins.Refused} {
		for why, names := range reasons {
			if slices.Contains(names, name) {
				return fmt.Sprintf("%s cannot be used in a rule (%s)", name, why)
			}
		}
	}
	return fmt.Sprintf("there is no function %s%s", name, yamlschema.Meant(name, builtins.Allowed))
}

// meant is the name closest to one that does not exist.
func meant(invalid *ast.RefErrInvalidDetail) string {
	if invalid.Pos >= len(invalid.Ref) {
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
	text := fmt.Sprintf(": there is no %q%s", string(wrong), yamlschema.Meant(string(wrong), names))
	if invalid.Ref.HasPrefix(ast.InputRootRef) && !strings.HasSuffix(text, ")") {
		text += "; docs/input.md lists what there is"
	}
	return text
}

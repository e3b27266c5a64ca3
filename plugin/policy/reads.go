package policy

import (
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// reads are the paths in input on which documents depend, and whether they
// depend on nothing else that changes. An empty path is all of input. No path
// is below another one.
type reads struct {
	paths [][]string
	// pure is false when the time or anything else outside of input counts.
	pure bool
}

// readsOf follows every reference from some documents on: what a rule does not
// refer to, directly or through other rules, it cannot read.
func readsOf(compiler *ast.Compiler, documents ...ast.Ref) reads {
	r := reads{pure: true}
	seen := map[*ast.Rule]bool{}
	var visit func(ast.Ref)
	visit = func(ref ast.Ref) {
		for _, rule := range compiler.GetRulesDynamicWithOpts(ref, ast.RulesOptions{IncludeHiddenModules: true}) {
			if seen[rule] {
				continue
			}
			seen[rule] = true
			ast.WalkRefs(rule, func(ref ast.Ref) bool { // else branches too
				switch {
				case ref.HasPrefix(ast.DefaultRootRef):
					visit(ref)
				case ref.HasPrefix(ast.InputRootRef):
					r.paths = append(r.paths, constantPath(ref))
				default:
					r.pure = r.pure && isPure(ref)
				}
				return false // a reference may hold others
			})
		}
	}
	for _, document := range documents {
		visit(document)
	}
	r.paths = tidied(r.paths)
	return r
}

// constantPath is the path as far as it is written in the rule; what follows
// depends on the request.
func constantPath(ref ast.Ref) []string {
	path := []string{}
	for _, term := range ref[1:] {
		name, ok := term.Value.(ast.String)
		if !ok {
			break
		}
		path = append(path, string(name))
	}
	return path
}

// isPure is false for a built-in function that gives another result each time.
func isPure(ref ast.Ref) bool {
	builtin, ok := ast.BuiltinMap[ref.String()]
	return !ok || !builtin.Nondeterministic
}

// tidied sorts paths and leaves out those below others.
func tidied(paths [][]string) [][]string {
	slices.SortFunc(paths, slices.Compare)
	var tidy [][]string
	for _, path := range paths {
		if n := len(tidy); n == 0 || !isBelow(path, tidy[n-1]) {
			tidy = append(tidy, path)
		}
	}
	return tidy
}

func isBelow(path, other []string) bool {
	return len(path) >= len(other) && slices.Equal(path[:len(other)], other)
}

func (r *reads) String() string {
	names := make([]string, len(r.paths))
	for i, path := range r.paths {
		names[i] = strings.Join(append([]string{"input"}, path...), ".")
	}
	return strings.Join(names, " ")
}

package input

import (
	"slices"
	"strings"
)

// operation is one route of the Engine API.
type operation struct {
	id     string
	method string // "" matches every method
	// path is the route as the daemon registers it, with {name:.*} for a
	// name that may have slashes, {id:.+} for one that is not empty and {id}
	// for one path segment.
	path     string
	kind     Kind
	risk     Risk
	body     bodyRule
	describe func(doc *Document, body any)

	pattern pattern
}

// Operations lists the ids of all operations that there are, sorted.
func Operations() []string {
	ids := make([]string, 0, len(routes))
	for _, op := range routes {
		ids = append(ids, op.id)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// findOperation returns the route that the daemon would take, and the name or
// id in the path. The daemon's router takes the first match in the order of
// registration, with greedy names; routes is in that order.
func findOperation(method, path string) (*operation, string) {
	for i := range routes {
		op := &routes[i]
		if op.method != "" && op.method != method {
			continue
		}
		if object, ok := op.pattern.match(path); ok {
			return op, object
		}
	}
	return nil, ""
}

// pattern is a route split at its variables. No route has more than two.
type pattern struct {
	literals  []string
	variables []string
}

func compilePattern(path string) pattern {
	var p pattern
	for {
		before, rest, found := strings.Cut(path, "{")
		p.literals = append(p.literals, before)
		if !found {
			return p
		}
		name, after, _ := strings.Cut(rest, "}")
		_, expr, _ := strings.Cut(name, ":")
		p.variables = append(p.variables, expr)
		path = after
	}
}

// match reports whether a path fits and returns what stands for the first
// variable. A "." in the router's expressions does not match a line break.
func (p pattern) match(path string) (string, bool) {
	if len(p.variables) == 0 {
		return "", path == p.literals[0]
	}
	first, last := p.literals[0], p.literals[len(p.literals)-1]
	if len(path) < len(first)+len(last) || !strings.HasPrefix(path, first) || !strings.HasSuffix(path, last) {
		return "", false
	}
	middle := path[len(first) : len(path)-len(last)]
	if len(p.variables) == 1 {
		return middle, variableFits(p.variables[0], middle)
	}
	left, right, found := strings.Cut(middle, p.literals[1])
	return left, found && variableFits(p.variables[0], left) && variableFits(p.variables[1], right)
}

func variableFits(expr, text string) bool {
	switch expr {
	case "": // [^/]+
		return text != "" && !strings.Contains(text, "/")
	case ".+":
		return text != "" && !strings.Contains(text, "\n")
	default: // .*
		return !strings.Contains(text, "\n")
	}
}

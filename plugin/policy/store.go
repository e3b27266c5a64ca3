package policy

import (
	"maps"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/storage"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
)

// longList is where looking a value up in a list begins to cost more than
// hashing it.
const longList = 64

// newStore holds data as rules read it, so that nothing is converted for a
// request. A long list in the params of a built-in rule is a set: `in` and
// `some ... in` read both, and an allow-list of any length costs the same. A
// site's rules may take a list by its numbers, so that theirs stay as they are.
func newStore(data map[string]any) storage.Store {
	data = maps.Clone(data)
	data["rules"] = withSets(data["rules"])
	return inmem.NewFromObjectWithOpts(data, inmem.OptRoundTripOnWrite(false), inmem.OptReturnASTValuesOnRead(true))
}

func withSets(value any) any {
	switch value := value.(type) {
	case map[string]any:
		object := make(map[string]any, len(value))
		for key, child := range value {
			object[key] = withSets(child)
		}
		return object
	case []any:
		if len(value) > longList {
			return asSet(value)
		}
	}
	return value
}

// asSet is the list itself when it cannot be a set.
func asSet(list []any) any {
	set := ast.NewSet()
	for _, element := range list {
		converted, err := ast.InterfaceToValue(element)
		if err != nil {
			return list
		}
		set.Add(ast.NewTerm(converted))
	}
	return set
}

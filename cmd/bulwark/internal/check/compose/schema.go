package compose

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/compose-spec/compose-go/v2/schema"

	"github.com/bulwark-authz/bulwark/cmd/bulwark/internal/check/place"
)

// knownKeys are the keys that compose knows at a path.
func knownKeys(path place.Path) []string {
	var root object
	if json.Unmarshal([]byte(schema.Schema), &root) != nil {
		return nil
	}
	at := alternatives(root, root)
	for _, step := range path {
		var next []object
		for _, s := range at {
			next = append(next, below(root, s, step)...)
		}
		at = next
	}
	known := map[string]bool{}
	for _, s := range at {
		properties, _ := s["properties"].(object)
		for key := range properties {
			known[key] = true
		}
	}
	return slices.Sorted(maps.Keys(known))
}

// below are the schemas of a member or an element.
func below(root, s object, step any) []object {
	if _, isNumber := step.(int); isNumber {
		return alternatives(root, s["items"])
	}
	properties, _ := s["properties"].(object)
	if property, known := properties[step.(string)]; known {
		return alternatives(root, property)
	}
	list := alternatives(root, s["additionalProperties"])
	patterns, _ := s["patternProperties"].(object)
	for pattern, property := range patterns {
		if !strings.HasPrefix(pattern, "^x-") {
			list = append(list, alternatives(root, property)...)
		}
	}
	return list
}

// alternatives are a schema and those that it is put together from.
func alternatives(root object, from any) []object {
	s, isSchema := from.(object)
	if !isSchema {
		return nil
	}
	list := []object{s}
	if ref, _ := s["$ref"].(string); ref != "" {
		var target any = root
		for name := range strings.SplitSeq(strings.TrimPrefix(ref, "#/"), "/") {
			target = target.(object)[name]
		}
		list = append(list, alternatives(root, target)...)
	}
	for _, several := range []string{"allOf", "anyOf", "oneOf"} {
		parts, _ := s[several].([]any)
		for _, part := range parts {
			list = append(list, alternatives(root, part)...)
		}
	}
	return list
}

package learn

import (
	"slices"

	"go.yaml.in/yaml/v3"

	"github.com/bulwark-authz/bulwark/plugin/policy"
	"github.com/bulwark-authz/bulwark/policies/yamlschema"
)

// candidates are the ways in which a rule's params could let something pass, as
// far as their schema tells; the narrowest first. Whether one does is found out
// by trying.
func (m material) candidates(rule policy.Rule) []Opening {
	if rule.ParamsSchema == nil {
		return nil
	}
	var narrow, wide []Opening
	for _, param := range sortedParams(rule.ParamsSchema) {
		schema := rule.ParamsSchema.Properties[param]
		was := rule.Params[param]
		for _, o := range m.openings(schema, was) {
			o.Rule, o.Param = rule.Name, param
			if schema.Type == "boolean" {
				wide = append(wide, o)
			} else {
				narrow = append(narrow, o)
			}
		}
	}
	return append(narrow, wide...)
}

// openings are what could be added to one param, or set.
func (m material) openings(schema *yamlschema.Schema, was any) []Opening {
	var list []Opening
	switch schema.Type {
	case "boolean":
		is, _ := was.(bool)
		return []Opening{{Value: !is}}
	case "integer":
		for _, n := range m.closest(was) {
			if fits(schema, n) {
				list = append(list, Opening{Value: n})
			}
		}
	case "array":
		for _, value := range m.values("", schema.Items) {
			list = append(list, Opening{Value: value})
		}
	case "object":
		if schema.AdditionalProperties == nil || schema.AdditionalProperties.Schema == nil {
			return nil
		}
		for _, key := range m.strings {
			for _, n := range m.numbers {
				if fits(schema.AdditionalProperties.Schema, n) {
					list = append(list, Opening{Key: key, Value: n})
				}
			}
		}
	}
	return list
}

// closest are the numbers that are not the one that is set, the closest to it
// first.
func (m material) closest(was any) []int {
	now, _ := was.(int)
	numbers := slices.DeleteFunc(slices.Clone(m.numbers), func(n int) bool { return n == now })
	slices.SortStableFunc(numbers, func(a, b int) int { return max(a-now, now-a) - max(b-now, now-b) })
	return numbers
}

// mostObjects bounds what is tried of a param made of objects.
const mostObjects = 64

// values are what fits a schema and is made of the material; name is the key
// that the value will stand under. A fact that has the same key has the value.
func (m material) values(name string, schema *yamlschema.Schema) []any {
	var list []any
	for _, fact := range m.members {
		if own, has := fact[name]; has && fits(schema, own) {
			list = append(list, own)
		}
	}
	switch schema.Type {
	case "string":
		if len(list) > 0 {
			break
		}
		for _, s := range m.strings {
			if fits(schema, s) {
				list = append(list, s)
			}
		}
	case "boolean":
		list = append(list, true, false)
	case "array":
		list = append(list, m.longer(list, schema)...)
	case "object":
		list = m.objects(schema)
	}
	return unique(list)
}

// longer are lists with one word of the message more.
func (m material) longer(lists []any, schema *yamlschema.Schema) []any {
	var longer []any
	for _, list := range lists {
		own, _ := list.([]any)
		for _, word := range m.words {
			if with := append(slices.Clone(own), any(word)); fits(schema, with) {
				longer = append(longer, with)
			}
		}
	}
	return longer
}

// objects are all combinations of what fits each property, the first of each
// before others. An optional switch that is off is left out.
func (m material) objects(schema *yamlschema.Schema) []any {
	objects := []map[string]any{{}}
	for _, key := range sortedParams(schema) {
		var longer []map[string]any
		for _, value := range m.values(key, schema.Properties[key]) {
			for _, object := range objects {
				with := map[string]any{}
				for k, v := range object {
					with[k] = v
				}
				if value != false || slices.Contains(schema.Required, key) {
					with[key] = value
				}
				longer = append(longer, with)
			}
		}
		objects = longer[:min(len(longer), mostObjects)]
	}
	var list []any
	for _, object := range objects {
		if fits(schema, object) {
			list = append(list, object)
		}
	}
	return list
}

func sortedParams(schema *yamlschema.Schema) []string {
	keys := make([]string, 0, len(schema.Properties))
	for key := range schema.Properties {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

// fits reports whether a value may stand where the schema describes it.
func fits(schema *yamlschema.Schema, value any) bool {
	var node yaml.Node
	return node.Encode(value) == nil && len(schema.Check(&node)) == 0
}

// unique leaves out repetitions; texts and lists compare as they are written.
func unique(values []any) []any {
	seen := map[string]bool{}
	return slices.DeleteFunc(values, func(value any) bool {
		text, err := yaml.Marshal(value)
		repeated := seen[string(text)]
		seen[string(text)] = true
		return err != nil || repeated
	})
}

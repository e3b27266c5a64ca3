package learn

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/bulwark-authz/bulwark/cmd/bulwark/internal/decisions"
	"github.com/bulwark-authz/bulwark/plugin/input"
	"github.com/bulwark-authz/bulwark/plugin/policy"
)

// material is what a finding is about, as far as a param may have to name it.
type material struct {
	// members are those of the facts in the document that the finding's field
	// names, by key.
	members []map[string]any
	// strings are all texts of these facts, of what was looked up about them,
	// and of the message; the longest first, since it says most.
	strings []string
	// words are those of the message.
	words   []string
	numbers []int
}

// materialOf finds in a document what a violation speaks of.
func materialOf(doc input.Document, v policy.Violation) (material, error) {
	var m material
	text, err := json.Marshal(doc)
	if err != nil {
		return m, fmt.Errorf("reading a request: %w", err)
	}
	var root map[string]any
	if err := json.Unmarshal(text, &root); err != nil {
		return m, fmt.Errorf("reading a request: %w", err)
	}
	m.find(root, v.Field)
	for _, fact := range m.members {
		m.take(fact)
	}
	m.takeFacts(root["facts"])
	m.words = strings.FieldsFunc(v.Msg, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("(),;\"", r) })
	for _, word := range m.words {
		m.strings = append(m.strings, word)
		m.takeNumbers(word)
	}
	m.tidy()
	return m, nil
}

// find collects the objects that say they come from a field.
func (m *material) find(value any, field string) {
	switch value := value.(type) {
	case []any:
		for _, element := range value {
			m.find(element, field)
		}
	case map[string]any:
		if value["field"] == field && field != "" {
			m.members = append(m.members, value)
		}
		for _, key := range sortedKeys(value) {
			m.find(value[key], field)
		}
	}
}

// take collects the texts and numbers of a value, and of NAME=VALUE the name
// as well.
func (m *material) take(value any) {
	switch value := value.(type) {
	case string:
		m.strings = append(m.strings, value)
		if name, _, found := strings.Cut(value, "="); found {
			m.strings = append(m.strings, name)
		}
	case float64:
		m.numbers = append(m.numbers, int(value))
	case []any:
		for _, element := range value {
			m.take(element)
		}
	case map[string]any:
		for _, key := range sortedKeys(value) {
			if key != "field" {
				m.take(value[key])
			}
		}
	}
}

// takeFacts adds what was looked up about any of the texts.
func (m *material) takeFacts(facts any) {
	kinds, _ := facts.(map[string]any)
	for _, kind := range sortedKeys(kinds) {
		byName, _ := kinds[kind].(map[string]any)
		for _, name := range slices.Clone(m.strings) {
			m.take(byName[name])
		}
	}
}

// takeNumbers adds the numbers that a word has in it: 1.24 has two.
func (m *material) takeNumbers(word string) {
	for _, digits := range strings.FieldsFunc(word, func(r rune) bool { return r < '0' || r > '9' }) {
		if n, err := strconv.Atoi(digits); err == nil {
			m.numbers = append(m.numbers, n)
		}
	}
}

// tidy leaves out what nobody should put into a settings file.
func (m *material) tidy() {
	m.strings = slices.DeleteFunc(m.strings, func(s string) bool { return s == "" || s != decisions.Printable(s) })
	slices.SortFunc(m.strings, func(a, b string) int { return cmp.Or(len(b)-len(a), cmp.Compare(a, b)) })
	m.strings = slices.Compact(m.strings)
	slices.Sort(m.numbers)
	m.numbers = slices.Compact(m.numbers)
}

func sortedKeys(object map[string]any) []string {
	keys := make([]string, 0, len(object))
	for key := range object {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

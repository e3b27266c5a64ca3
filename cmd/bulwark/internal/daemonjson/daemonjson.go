// Package daemonjson edits the list of authorization plugins in a Docker Engine's daemon.json.
// Every byte that the edit is not about stays as it is: order, indentation and unknown keys.
package daemonjson

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

const key = "authorization-plugins"

// Plugins lists the authorization plugins that doc names, in the order in which the engine asks them.
// A blank document names none.
func Plugins(doc []byte) ([]string, error) {
	if blank(doc) {
		return nil, nil
	}
	_, member, err := find(doc)
	if err != nil || member == nil {
		return nil, err
	}
	var names []string
	if err := json.Unmarshal(doc[member.value:member.end], &names); err != nil {
		return nil, fmt.Errorf("reading %q: it must be a list of names: %w", key, err)
	}
	return names, nil
}

// Add returns doc with plugin as the last authorization plugin, or doc itself when it is listed already.
func Add(doc []byte, plugin string) ([]byte, error) {
	if blank(doc) {
		doc = []byte("{}\n")
	}
	names, err := Plugins(doc)
	if err != nil {
		return nil, err
	}
	if Lists(names, plugin) {
		return doc, nil
	}
	members, member, err := find(doc)
	if err != nil {
		return nil, err
	}
	name, err := json.Marshal(plugin)
	if err != nil {
		return nil, fmt.Errorf("writing the plugin name %q: %w", plugin, err)
	}
	switch {
	case member == nil:
		return members.add(doc, fmt.Sprintf("%q: [%s]", key, name), "\n  ", "\n"), nil
	case names == nil: // the value is null
		return splice(doc, member.value, member.end, "["+string(name)+"]"), nil
	}
	elements, err := scan(doc, member.value, member.end)
	if err != nil {
		return nil, err
	}
	return elements.add(doc, string(name), "", ""), nil
}

// Remove returns doc without plugin; a list that would be empty goes with its key.
func Remove(doc []byte, plugin string) ([]byte, error) {
	names, err := Plugins(doc)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(names, func(name string) bool { return sameName(name, plugin) })
	if at < 0 {
		return doc, nil
	}
	members, member, err := find(doc)
	if err != nil {
		return nil, err
	}
	if len(names) == 1 {
		return members.cut(doc, slices.Index(members.items, *member)), nil
	}
	elements, err := scan(doc, member.value, member.end)
	if err != nil {
		return nil, err
	}
	return Remove(elements.cut(doc, at), plugin)
}

// Lists tells whether names has plugin, with or without its tag "latest".
func Lists(names []string, plugin string) bool {
	return slices.ContainsFunc(names, func(name string) bool { return sameName(name, plugin) })
}

func sameName(a, b string) bool {
	return strings.TrimSuffix(a, ":latest") == strings.TrimSuffix(b, ":latest")
}

// find scans doc and returns its members and the one that lists the plugins, or nil.
func find(doc []byte) (list, *item, error) {
	var object map[string]json.RawMessage
	if err := json.Unmarshal(doc, &object); err != nil {
		return list{}, nil, fmt.Errorf("reading JSON: %w", err)
	}
	if object == nil {
		return list{}, nil, errors.New("reading JSON: it must be an object")
	}
	members, err := scan(doc, 0, len(doc))
	if err != nil {
		return list{}, nil, err
	}
	var found *item
	for i := range members.items {
		if members.items[i].key != key {
			continue
		}
		if found != nil {
			return list{}, nil, fmt.Errorf("key %q stands there twice: keep one", key)
		}
		found = &members.items[i]
	}
	return members, found, nil
}

package vet

import (
	"maps"
	"slices"
	"strings"
)

// Shape is what is known of a value; of a nil one nothing is.
type Shape struct {
	kinds kinds
	// fields are the keys of an object. There are no others unless values,
	// what else it holds, is known; of a list values are the elements.
	fields map[string]*Shape
	values *Shape
	// always are the fields that every such object has.
	always map[string]bool
	// words are all texts that it can be, nil for any. They are written in
	// the rule when literal, and are those of the field of this name otherwise.
	words   []string
	literal bool
	name    string
	// given is true of an object that every request has. It can be null all
	// the same, where the body could not be read.
	given bool
	// depth is how many values that a rule has made stand in each other.
	depth int
}

// kinds are the types that a value can have.
type kinds uint8

const (
	null kinds = 1 << iota
	boolean
	number
	text
	list
	set
	object
)

var kindNames = []struct {
	kind kinds
	name string
}{
	{text, "text"}, {number, "a number"}, {boolean, "true or false"}, {list, "a list"}, {set, "a set"}, {object, "an object"}, {null, "null"},
}

func (k kinds) String() string {
	var names []string
	for _, known := range kindNames {
		if k&known.kind != 0 {
			names = append(names, known.name)
		}
	}
	return strings.Join(names, " or ")
}

// only reports whether a value is of these kinds and no others.
func (s *Shape) only(k kinds) bool { return s != nil && s.kinds&^k == 0 }

// isGiven reports whether a value is an object in every request.
func (s *Shape) isGiven() bool { return s.only(object) || s.only(object|null) && s.given }

// literalText is a text that the rule itself has.
func literalText(word string) *Shape {
	return &Shape{kinds: text, words: []string{word}, literal: true}
}

// isClosed reports whether the fields are all that there is in a value.
func (s *Shape) isClosed() bool { return s.only(object|null) && s.values == nil && s.fields != nil }

// Names are the keys that there are, sorted.
func (s *Shape) Names() []string { return slices.Sorted(maps.Keys(s.fields)) }

// member is what stands under a key; known is false where there can be none.
func (s *Shape) member(key *Shape) (member *Shape, known bool) {
	switch {
	case s == nil:
		return nil, true
	case s.fields == nil:
		return s.values, true
	case key == nil || !key.literal:
		return nil, true
	}
	for _, word := range key.words {
		if field, ok := s.fields[word]; ok {
			return field, true
		}
	}
	return s.values, !s.isClosed()
}

// Either is the shape of what has one of two shapes.
func Either(a, b *Shape) *Shape { return eithers{}.of(a, b) }

// eithers are the shapes of what has one of two, the same one each time.
type eithers map[[2]*Shape]*Shape

func (e eithers) of(a, b *Shape) *Shape {
	switch {
	case a == b:
		return a
	case a == nil || b == nil:
		return nil
	}
	if both, done := e[[2]*Shape{a, b}]; done {
		return both
	}
	both := &Shape{kinds: a.kinds | b.kinds, literal: a.literal && b.literal, name: a.name, depth: max(a.depth, b.depth)}
	e[[2]*Shape{a, b}] = both
	both.fields, both.values = e.field(a, b), e.value(a, b)
	if a.words != nil && b.words != nil && a.literal == b.literal {
		both.words = append(slices.Clone(a.words), b.words...)
	}
	return both
}

func (e eithers) value(a, b *Shape) *Shape {
	const collections = list | set | object
	switch {
	case a.kinds&collections == 0:
		return b.values
	case b.kinds&collections == 0:
		return a.values
	}
	return e.of(a.values, b.values)
}

// field has the fields of both; whether they are always there is not
// known.
func (e eithers) field(a, b *Shape) map[string]*Shape {
	switch {
	case a.kinds&object == 0:
		return b.fields
	case b.kinds&object == 0:
		return a.fields
	case a.fields == nil || b.fields == nil:
		return nil
	}
	fields := maps.Clone(a.fields)
	for name, field := range b.fields {
		if known, ok := fields[name]; ok {
			field = e.of(known, field)
		}
		fields[name] = field
	}
	return fields
}

// With is a copy of an object in which a field has another shape.
func (s *Shape) With(name string, field *Shape) *Shape {
	other := *s
	other.fields = maps.Clone(s.fields)
	other.fields[name] = field
	return &other
}

// Given is a copy of an object that every request has.
func (s *Shape) Given() *Shape {
	other := *s
	other.given = true
	return &other
}

// Field is what stands under a key of an object, nil when nothing is known.
func (s *Shape) Field(name string) *Shape { return s.fields[name] }

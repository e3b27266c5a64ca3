package vet

import (
	"fmt"
	"maps"
	"slices"
)

// deepest is how many values that a rule makes can stand in each other before
// nothing is known of the innermost: functions that wrap what they are given
// in several ways would be checked for each order of these.
const deepest = 4

// made is the shape of a list or a set that a rule makes, the same one each
// time, so that a function is checked once for what it is called with.
func (c *checker) made(k kinds, values *Shape) *Shape {
	return c.once(&Shape{kinds: k, values: shallow(values)}, fmt.Sprintf("%d %p", k, shallow(values)))
}

// madeObject is made for an object.
func (c *checker) madeObject(fields map[string]*Shape) *Shape {
	key := ""
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		fields[name] = shallow(fields[name])
		key += fmt.Sprintf(" %q %p", name, fields[name])
	}
	return c.once(&Shape{kinds: object, fields: fields}, key)
}

func (c *checker) once(s *Shape, key string) *Shape {
	if c.composed[key] == nil {
		s.depth = 1
		if s.values != nil {
			s.depth += s.values.depth
		}
		for _, field := range s.fields {
			if field != nil {
				s.depth = max(s.depth, 1+field.depth)
			}
		}
		c.composed[key] = s
	}
	return c.composed[key]
}

func shallow(s *Shape) *Shape {
	if s != nil && s.depth >= deepest {
		return nil
	}
	return s
}

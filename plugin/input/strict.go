package input

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"unicode/utf8"

	json2 "github.com/go-json-experiment/json"
	jsonv1 "github.com/go-json-experiment/json/v1"
)

// Codes of the anomalies that a JSON body can have.
const (
	AnomalyJSON      = "bad_json"
	AnomalyType      = "wrong_type"
	AnomalyDuplicate = "duplicate_key"
	AnomalyFolded    = "folded_key"
	AnomalyUnknown   = "unknown_field"
	AnomalyMisplaced = "misplaced_field"
	AnomalyNesting   = "deep_nesting"
	AnomalyText      = "bad_text"
	AnomalySize      = "too_many_values"
)

const (
	// maxNesting is far beyond what any API type needs.
	maxNesting = 64
	// maxValues bounds what rules have to look at; a large body of a real
	// client has a few hundred.
	maxValues = 20_000
	// maxList, maxMembers and maxString bound what is compared with allow-lists, element by
	// element; a path has at most 4 KiB.
	maxList    = 1000
	maxMembers = 2000 // a range of ports is one member a port
	maxString  = 16 << 10
	usualDepth = 16
	// maxAnomalies keeps the answer to a hostile body small.
	maxAnomalies = 20
)

// decodeStrict decodes a body into a pointer to an API type just as the daemon
// does, and reports everything that another reader could take differently. It
// is false for a body that was not decoded at all.
func decodeStrict(body []byte, into any) ([]Anomaly, bool) {
	s := scanner{data: body, path: make([]step, 0, usualDepth)}
	if !s.document(shapeOf(reflect.TypeOf(into).Elem()), reflect.ValueOf(into).Elem()) {
		if s.refused == AnomalyJSON {
			return []Anomaly{{Code: AnomalyJSON, Detail: "the body is not one JSON document: " + syntaxError(body).Error()}}, false
		}
		return s.anomalies, false
	}
	if s.foreign && !utf8.Valid(body) {
		s.anomalies = slices.Insert(s.anomalies, 0, Anomaly{Code: AnomalyText, Detail: "the body has bytes that are not UTF-8"})
	}
	if s.filled() {
		return nil, true
	}
	if err := decode(s.normalised(), into); err != nil {
		s.oddDecode(err, reflect.TypeOf(into))
	}
	return s.anomalies, true
}

// fast reads like encoding/json, and gives up at the first error instead of
// looking for the worst, which takes a pass of its own.
var fast = json2.JoinOptions(jsonv1.DefaultOptionsV1(), jsonv1.ReportErrorsWithLegacySemantics(false))

// decode is json.Unmarshal in a third of the time. Its errors, and what is decoded in
// spite of them, are those of encoding/json.
func decode(body []byte, into any) error {
	reflect.ValueOf(into).Elem().SetZero()
	if json2.Unmarshal(body, into, fast) == nil {
		return nil
	}
	reflect.ValueOf(into).Elem().SetZero()
	return json.Unmarshal(body, into)
}

// scanner checks a JSON document beside the type it will be decoded into, and
// decodes it on the way as long as there is nothing odd about it.
type scanner struct {
	data      []byte
	pos       int
	path      []step
	anomalies []Anomaly
	// refused is the code of what ends the scan: the document is none, or
	// there is too much of it for rules to look at.
	refused string
	// depth and count are those of the values so far.
	depth, count int
	// foreign is true once a text is not all ASCII, surrogate when the text
	// that is read has an escaped half of a surrogate pair.
	foreign, surrogate bool
	// edits are made before the document is decoded.
	edits []edit
	// env is true right before the value of a list of environment variables.
	env bool
	// roomy is true where no rule looks: texts and lists may have any size.
	roomy bool
	// unfilled is true once a value could not be decoded on the way.
	unfilled bool
}

// document reads the whole of it. The methods that read a part are false, as
// this one is, when the scan has ended before.
func (s *scanner) document(t *shape, into reflect.Value) bool {
	s.space()
	if !s.value(t, into) {
		return false
	}
	s.space()
	return s.pos == len(s.data) || s.refuse(AnomalyJSON)
}

// value reads one value of a type. It is put into a value of that type, if that
// is valid.
func (s *scanner) value(t *shape, into reflect.Value) bool {
	if into = s.pointee(into); into.IsValid() && !t.simple {
		return s.otherValue(t, into)
	}
	start := s.pos
	switch s.peek() {
	case '"':
		text, _, ok := s.text()
		if ok {
			s.fillText(into, text[:len(text)-1])
		}
		return ok && s.bound(len(text), maxString, "a text of more than %d bytes stands here")
	case '{':
		return s.enter() && s.object(t, into)
	case '[':
		return s.enter() && s.array(t, into)
	default:
		if !s.literal() {
			return false
		}
		s.fillLiteral(into, s.data[start:s.pos])
		return true
	}
}

// enter goes into an object or a list.
func (s *scanner) enter() bool {
	s.depth++
	s.pos++
	if s.depth > maxNesting {
		s.anomalies = []Anomaly{{Code: AnomalyNesting, Detail: fmt.Sprintf("the body is nested more than %d levels deep", maxNesting)}}
		return s.refuse(AnomalyNesting)
	}
	return s.another()
}

// another counts one more value.
func (s *scanner) another() bool {
	if s.count++; s.count > maxValues {
		s.anomalies = []Anomaly{{Code: AnomalySize, Detail: fmt.Sprintf("the body has more than %d values", maxValues)}}
		return s.refuse(AnomalySize)
	}
	return true
}

// more goes on to the next part of an object or a list, which ends with end.
// It is false at the end, and when the scan has ended.
func (s *scanner) more(first bool, end byte) bool {
	s.space()
	switch c := s.peek(); {
	case c == end:
		s.pos++
		s.depth--
		return false
	case first:
		return true
	case c != ',':
		return s.refuse(AnomalyJSON)
	}
	s.pos++
	s.space()
	return s.another()
}

func (s *scanner) object(t *shape, into reflect.Value) bool {
	m := members{shape: t, into: s.fillObject(into)}
	for n := 1; s.more(n == 1, '}'); n++ {
		if !s.member(&m) || !s.bound(n, maxMembers, "the object has more than %d members") {
			return false
		}
	}
	return s.refused == ""
}

// member reads one key and its value, and judges the key.
func (s *scanner) member(m *members) bool {
	key, ok := s.key()
	if !ok {
		return false
	}
	f, known := m.find(key)
	s.push(step{name: f.name})
	if !m.first(f) {
		s.odd(AnomalyDuplicate, fmt.Sprintf("the key %q is given more than once", clip(string(key))))
	}
	if m.fields != nil && known && !isASCII(key) {
		s.odd(AnomalyFolded, fmt.Sprintf("the key %q is read as %s only by engines", clip(string(key)), f.name))
	}
	start := s.pos
	s.env = f.env
	place := m.place(f, known)
	if f.listOrText && s.peek() == '"' {
		place = only(place)
	}
	if !s.value(f.shape, place) {
		return false
	}
	m.put(f, place)
	raw := s.data[start:s.pos]
	switch {
	case f.listOrText && raw[0] == '"':
		s.edits = append(s.edits, edit{start: start, cut: s.pos, end: s.pos, before: "[", after: "]"})
	case !known && !ignoredField(m.typ, string(key)):
		s.unknown(m.typ, string(key), raw)
	}
	s.pop()
	return true
}

func (s *scanner) array(t *shape, into reflect.Value) bool {
	env := s.env
	s.env = false
	into = s.fillList(into)
	for i := 0; s.more(i == 0, ']'); i++ {
		s.push(step{index: i})
		start, place := s.pos, another(into, i)
		if env {
			if !s.value(t.list, reflect.Value{}) {
				return false
			}
			s.cutVariable(start, place)
		} else if !s.value(t.list, place) {
			return false
		}
		s.pop()
		if !s.bound(i+1, maxList, "the list has more than %d elements") {
			return false
		}
	}
	return s.refused == ""
}

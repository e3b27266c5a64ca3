package input

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
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
	// maxAnomalies keeps the answer to a hostile body small.
	maxAnomalies = 20
)

// decodeStrict decodes a body into a pointer to an API type just as the daemon
// does, and reports everything that another reader could take differently. It
// is false for a body that was not decoded at all.
func decodeStrict(body []byte, into any) ([]Anomaly, bool) {
	if !json.Valid(body) {
		return []Anomaly{{Code: AnomalyJSON, Detail: "the body is not one JSON document: " + syntaxError(body)}}, false
	}
	switch depth, count := extent(body); {
	case depth > maxNesting:
		return []Anomaly{{Code: AnomalyNesting, Detail: fmt.Sprintf("the body is nested more than %d levels deep", maxNesting)}}, false
	case count > maxValues:
		return []Anomaly{{Code: AnomalySize, Detail: fmt.Sprintf("the body has more than %d values", maxValues)}}, false
	}
	s := scanner{data: body}
	if !utf8.Valid(body) {
		s.odd(AnomalyText, "the body has bytes that are not UTF-8")
	}
	s.value(reflect.TypeOf(into))
	if s.large {
		return s.anomalies, false
	}
	if err := json.Unmarshal(s.normalised(), into); err != nil {
		s.oddDecode(err, reflect.TypeOf(into))
	}
	return s.anomalies, true
}

// scanner walks a valid JSON document beside the type it will be decoded into.
type scanner struct {
	data      []byte
	pos       int
	path      []step
	anomalies []Anomaly
	// large is true once something was too large for rules to look at.
	large bool
	// wrap are the offsets of strings that stand where a list belongs.
	wrap [][2]int
}

// step is a key, or an index when name is empty.
type step struct {
	name  string
	index int
}

func (s *scanner) odd(code, detail string) {
	if len(s.anomalies) < maxAnomalies {
		s.anomalies = append(s.anomalies, Anomaly{Code: code, Field: s.place(), Detail: detail})
	}
}

func (s *scanner) place() string {
	var b strings.Builder
	for _, p := range s.path {
		switch {
		case p.name == "":
			b.WriteString("[" + strconv.Itoa(p.index) + "]")
		case b.Len() > 0:
			b.WriteString("." + clip(p.name))
		default:
			b.WriteString(clip(p.name))
		}
	}
	return b.String()
}

func (s *scanner) push(p step) { s.path = append(s.path, p) }
func (s *scanner) pop()        { s.path = s.path[:len(s.path)-1] }

// value reads one value; t is nil where nothing is known of its type.
func (s *scanner) value(t reflect.Type) {
	s.space()
	switch s.data[s.pos] {
	case '"':
		start := s.pos
		s.text()
		s.bound(s.pos-start, maxString, "a text of more than %d bytes stands here")
	case '{':
		s.object(t)
	case '[':
		s.array(t)
	default:
		s.literal()
	}
}

func (s *scanner) object(t reflect.Type) {
	m := newMembers(t)
	s.pos++
	s.space()
	for n := 1; s.data[s.pos] != '}'; n++ {
		key := s.text()
		s.space()
		s.pos++ // the colon
		s.member(m, key)
		s.comma()
		s.space()
		s.bound(n, maxMembers, "the object has more than %d members")
	}
	s.pos++
}

// member reads the value of one key and judges the key.
func (s *scanner) member(m members, key string) {
	f, known := m.find(key)
	s.push(step{name: f.name})
	defer s.pop()
	if !m.first(f, key) {
		s.odd(AnomalyDuplicate, fmt.Sprintf("the key %q is given more than once", clip(key)))
	}
	if m.fields != nil && known && !isASCII(key) {
		s.odd(AnomalyFolded, fmt.Sprintf("the key %q is read as %s only by engines", clip(key), f.name))
	}
	s.space()
	start := s.pos
	s.value(f.typ)
	raw := s.data[start:s.pos]
	switch {
	case known && stringIsList(m.typ, f.name) && raw[0] == '"':
		s.wrap = append(s.wrap, [2]int{start, s.pos})
	case !known && !ignoredField(m.typ, key):
		s.unknown(m.typ, key, raw)
	}
}

func (s *scanner) unknown(t reflect.Type, key string, raw []byte) {
	if name, ok := misplaced(t, key, raw); ok {
		s.odd(AnomalyMisplaced, fmt.Sprintf("%s belongs into HostConfig; engines up to 26 also read it here", name))
		return
	}
	if !saysNothing(raw) {
		s.odd(AnomalyUnknown, "the Engine API has no such field; check its spelling, or leave it out")
	}
}

func (s *scanner) array(t reflect.Type) {
	var elem reflect.Type
	if t != nil && (deref(t).Kind() == reflect.Slice || deref(t).Kind() == reflect.Array) {
		elem = deref(t).Elem()
	}
	s.pos++
	s.space()
	for i := 0; s.data[s.pos] != ']'; i++ {
		s.push(step{index: i})
		s.value(elem)
		s.pop()
		s.comma()
		s.space()
		s.bound(i+1, maxList, "the list has more than %d elements")
	}
	s.pos++
}

// bound reports the first thing that is larger than any client needs it to be.
// Texts and lists that no rule looks into may have any size.
func (s *scanner) bound(size, most int, detail string) {
	if size <= most || slices.ContainsFunc(s.path, func(p step) bool { return unbounded[p.name] }) {
		return
	}
	if !s.large {
		s.odd(AnomalySize, fmt.Sprintf(detail, most))
	}
	s.large = true
}

// unbounded are the names of values that no rule takes apart.
var unbounded = map[string]bool{
	"Args": true, "Cmd": true, "Command": true, "Data": true, "Entrypoint": true, "Env": true, "Labels": true,
	"Profile": true, "SecurityOpt": true, "Test": true,
}

// normalised is the body with every list spelt as a list.
func (s *scanner) normalised() []byte {
	if len(s.wrap) == 0 {
		return s.data
	}
	var out []byte
	last := 0
	for _, w := range s.wrap {
		out = append(out, s.data[last:w[0]]...)
		out = append(append(append(out, '['), s.data[w[0]:w[1]]...), ']')
		last = w[1]
	}
	return append(out, s.data[last:]...)
}

func (s *scanner) oddDecode(err error, t reflect.Type) {
	var wrong *json.UnmarshalTypeError
	if !errors.As(err, &wrong) {
		s.anomalies = append(s.anomalies, Anomaly{Code: AnomalyType, Detail: "the engine cannot read a value: " + clip(err.Error())})
		return
	}
	s.anomalies = append(s.anomalies, Anomaly{Code: AnomalyType, Field: apiPath(t, wrong.Field),
		Detail: fmt.Sprintf("a JSON %s stands where the engine expects %s", wrong.Value, wrong.Type)})
}

func syntaxError(body []byte) string {
	var v json.RawMessage
	if err := json.Unmarshal(body, &v); err != nil {
		return err.Error()
	}
	return "unreadable"
}

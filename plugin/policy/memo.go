package policy

import (
	"fmt"
	"reflect"
	"sync"

	"github.com/bulwark-authz/bulwark/plugin/input"
)

const (
	// maxRemembered bounds how many requests are remembered for one rule, and
	// maxFindings how many findings about one of them.
	maxRemembered = 64
	maxFindings   = 4
)

// memo remembers of each rule what it found in what it looked at. A rule that
// depends on nothing but certain spots of the document finds the same in two
// documents that agree in those, so it need not look again:
// docs/decisions/rules-look-once.md.
type memo struct {
	spots  []spot
	keyers sync.Pool // of *keys

	mu    sync.RWMutex
	found map[*askedRule]map[string][]finding
}

func newMemo() *memo {
	m := &memo{found: map[*askedRule]map[string][]finding{}}
	m.keyers.New = func() any { return new(keys) }
	return m
}

// place finds the spots that rules read and numbers them.
func (m *memo) place(rules map[string]*askedRule) {
	numbers := map[string]int{}
	for _, rule := range rules {
		for _, path := range rule.reads.paths {
			at, ok := spotOf(path)
			if !ok {
				continue // nothing is ever there
			}
			name := fmt.Sprintf("%q", path)
			if _, known := numbers[name]; !known {
				numbers[name] = len(m.spots)
				m.spots = append(m.spots, at)
			}
			rule.spots = append(rule.spots, numbers[name])
		}
	}
}

// keys are those of one document, by the number of their spot.
type keys struct {
	keyer
	of      []span
	scratch []byte
}

// span is where a key is in the buffer; one that ends nowhere is none.
type span struct{ start, end int }

// keysOf writes down the given spots of a document.
func (m *memo) keysOf(doc *input.Document, spots []int) *keys {
	k := m.keyers.Get().(*keys)
	k.buf = k.buf[:0]
	k.of = append(k.of[:0], make([]span, len(m.spots))...)
	v := reflect.ValueOf(doc).Elem()
	for _, i := range spots {
		if start := len(k.buf); k.at(m.spots[i], v) {
			k.of[i] = span{start, len(k.buf)}
		} else {
			k.buf = k.buf[:start]
		}
	}
	return k
}

func (m *memo) done(k *keys) { m.keyers.Put(k) }

// key joins the keys of all that a rule reads. It is false for a rule that must
// always look.
func (k *keys) key(r *askedRule) ([]byte, bool) {
	if !r.reads.pure {
		return nil, false
	}
	k.scratch = k.scratch[:0]
	for _, i := range r.spots {
		if k.of[i].end == 0 {
			return nil, false
		}
		k.scratch = append(k.scratch, k.buf[k.of[i].start:k.of[i].end]...)
	}
	return k.scratch, len(k.scratch) <= maxKey
}

// recall gives what is remembered of some rules, and the rules that must look.
func (m *memo) recall(rules []*askedRule, k *keys) (found []finding, open []*askedRule) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	for _, rule := range rules {
		key, ok := k.key(rule)
		if ok {
			var known []finding
			known, ok = m.found[rule][string(key)]
			if len(known) > 0 && found == nil {
				found = make([]finding, 0, usualFindings)
			}
			found = append(found, known...)
		}
		if !ok {
			open = append(open, rule)
		}
	}
	return found, open
}

// remember keeps what a rule has found, as far as it depends on what the rule
// reads: which exceptions cover it does not.
func (m *memo) remember(rule *askedRule, found []finding, k *keys) {
	key, ok := k.key(rule)
	if !ok || len(found) > maxFindings || len(found) > 0 && rule.excepted {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.found[rule] == nil {
		m.found[rule] = map[string][]finding{}
	}
	for old := range m.found[rule] {
		if len(m.found[rule]) < maxRemembered {
			break
		}
		delete(m.found[rule], old) // any one
	}
	m.found[rule][string(key)] = found
}

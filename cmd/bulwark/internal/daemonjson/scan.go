package daemonjson

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// list is where an object or array stands in a document: doc[open:close] is what its brackets enclose.
type list struct {
	open, close int
	items       []item
}

// item is an object's member or an array's element: doc[start:end], its value doc[value:end].
type item struct {
	key               string
	start, value, end int
}

// scan finds the items of the object or array in doc[from:to].
func scan(doc []byte, from, to int) (list, error) {
	dec := json.NewDecoder(bytes.NewReader(doc[from:to]))
	offset := func() int { return from + int(dec.InputOffset()) }
	bracket, err := dec.Token()
	if err != nil {
		return list{}, fmt.Errorf("reading JSON: %w", err)
	}
	found := list{open: offset()}
	for dec.More() {
		it := item{start: skip(doc, offset(), " \t\r\n,")}
		if bracket == json.Delim('{') {
			token, err := dec.Token()
			if err != nil {
				return list{}, fmt.Errorf("reading JSON: %w", err)
			}
			it.key, _ = token.(string)
		}
		it.value = skip(doc, offset(), " \t\r\n,:")
		var raw json.RawMessage
		if err := dec.Decode(&raw); err != nil {
			return list{}, fmt.Errorf("reading JSON: %w", err)
		}
		it.end = offset()
		found.items = append(found.items, it)
	}
	if _, err := dec.Token(); err != nil {
		return list{}, fmt.Errorf("reading JSON: %w", err)
	}
	found.close = offset() - 1
	return found, nil
}

// add writes text as the last item, spaced like the last one; before and after go round it in an empty list.
func (l list) add(doc []byte, text, before, after string) []byte {
	if len(l.items) == 0 {
		return splice(doc, l.open, l.close, before+text+after)
	}
	last := l.items[len(l.items)-1]
	space := doc[len(bytes.TrimRight(doc[:last.start], " \t\r\n")):last.start]
	return splice(doc, last.end, last.end, ","+string(space)+text)
}

// cut takes the item at index i out together with the comma that it no longer needs.
func (l list) cut(doc []byte, i int) []byte {
	switch {
	case len(l.items) == 1:
		return splice(doc, l.open, l.close, "")
	case i == 0:
		return splice(doc, l.items[0].start, l.items[1].start, "")
	}
	return splice(doc, l.items[i-1].end, l.items[i].end, "")
}

func splice(doc []byte, from, to int, text string) []byte {
	out := make([]byte, 0, len(doc)-(to-from)+len(text))
	out = append(out, doc[:from]...)
	out = append(out, text...)
	return append(out, doc[to:]...)
}

func skip(doc []byte, at int, set string) int {
	return len(doc) - len(bytes.TrimLeft(doc[at:], set))
}

func blank(doc []byte) bool { return len(bytes.TrimSpace(doc)) == 0 }

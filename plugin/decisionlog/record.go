package decisionlog

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"sync"

	"github.com/bulwark-authz/bulwark/plugin/input"
)

const (
	// maxInput is how long the document in a line may be, in bytes.
	maxInput = 64 << 10
	// maxRequest is the largest request whose document is tried to be encoded
	// in that, in bytes.
	maxRequest = 4 * maxInput
	// maxHeld bounds the memory of waiting documents, in bytes of the requests;
	// documentWeight is what a document needs beside its request's texts.
	maxHeld        = 2 << 20
	documentWeight = 16 << 10
)

// waiting is a line that waits to be written, and the document that belongs to
// it. Encoding a document takes as long as many a decision, so it is not done
// before somebody waits for a disk anyway.
type waiting struct {
	line    []byte
	doc     *input.Document // nil for none
	omitted string          // why there is none, "" when there is nothing to say
	weight  int64
}

// waiting adds to an entry's line the document that it is about. What was not
// decided has none that anybody judged; a read that was found to be plain has
// none because pollers ask all day.
func (e Entry) waiting(line []byte) waiting {
	w := waiting{line: line}
	plain := len(e.Violations)+len(e.Dryrun)+len(e.Excepted) == 0
	if e.doc == nil || e.Outcome != Allow && e.Outcome != Deny || e.doc.Kind == input.KindRead && plain {
		return w
	}
	size := e.doc.Size()
	if size > maxRequest {
		return w.without(fmt.Sprintf("the request has %d bytes", size))
	}
	w.doc, w.weight = e.doc, int64(documentWeight+size)
	return w
}

func (w waiting) without(reason string) waiting {
	return waiting{line: w.line, omitted: reason}
}

// encode is the whole line. A fault in encoding the document costs the
// document, and neither the line nor the plugin.
func (w waiting) encode() (line []byte) {
	defer func() {
		if cause := recover(); cause != nil {
			line = w.without(fmt.Sprintf("encoding it failed: %v", cause)).encode()
		}
	}()
	if w.doc == nil {
		if w.omitted == "" {
			return w.line
		}
		reason, _ := json.Marshal(w.omitted) // text always encodes
		return splice(w.line, "input_omitted", reason)
	}
	document := documents.Get().(*bytes.Buffer)
	defer putDocument(document)
	if err := json.NewEncoder(document).Encode(w.doc); err != nil {
		return w.without("encoding it failed: " + err.Error()).encode()
	}
	line = slices.Grow(line, len(w.line)+document.Len()+len(`,"input":`))
	line = append(append(line, w.line[:len(w.line)-len(lineEnd)]...), `,"input":`...)
	before := len(line)
	line = appendMasked(line, document.Bytes())
	if size := len(line) - before; size > maxInput {
		return w.without(fmt.Sprintf("it has %d bytes", size)).encode()
	}
	return append(line, lineEnd...)
}

// documents are buffers to encode documents in.
var documents = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func putDocument(b *bytes.Buffer) {
	if b.Cap() <= maxInput {
		b.Reset()
		documents.Put(b)
	}
}

// lineEnd is how every line ends.
const lineEnd = "}\n"

// splice adds a last member to the object that a line is.
func splice(line []byte, key string, value []byte) []byte {
	longer := slices.Grow(slices.Clone(line[:len(line)-len(lineEnd)]), len(key)+len(value)+len(`,"":`+lineEnd))
	longer = append(append(append(longer, `,"`...), key...), `":`...)
	return append(append(longer, value...), lineEnd...)
}

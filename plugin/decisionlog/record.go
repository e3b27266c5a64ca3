package decisionlog

import (
	"bytes"
	"encoding/json"
	"fmt"
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

// appendTo appends the whole line to some others. A fault in encoding the
// document costs the document, and neither the line nor the plugin.
func (w waiting) appendTo(lines []byte) (longer []byte) {
	defer func() {
		if cause := recover(); cause != nil {
			longer = w.without(fmt.Sprintf("encoding it failed: %v", cause)).appendTo(lines)
		}
	}()
	if w.doc == nil {
		if w.omitted == "" {
			return append(lines, w.line...)
		}
		reason, _ := json.Marshal(w.omitted) // text always encodes
		return append(append(w.begin(lines, "input_omitted"), reason...), lineEnd...)
	}
	document := documents.Get().(*bytes.Buffer)
	defer putDocument(document)
	if err := json.NewEncoder(document).Encode(w.doc); err != nil {
		return w.without("encoding it failed: " + err.Error()).appendTo(lines)
	}
	longer = w.begin(lines, "input")
	before := len(longer)
	longer = appendMasked(longer, document.Bytes())
	if size := len(longer) - before; size > maxInput {
		return w.without(fmt.Sprintf("it has %d bytes", size)).appendTo(lines)
	}
	return append(longer, lineEnd...)
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

// begin appends the line up to the value of one more member.
func (w waiting) begin(lines []byte, key string) []byte {
	lines = append(lines, w.line[:len(w.line)-len(lineEnd)]...)
	return append(append(append(lines, `,"`...), key...), `":`...)
}

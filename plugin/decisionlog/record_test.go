package decisionlog

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bulwark-authz/bulwark/plugin/input"
)

func TestWhatIsRecorded(t *testing.T) {
	found := []Finding{{Rule: "r", Msg: "m"}}
	tests := []struct {
		name    string
		entry   Entry
		body    int
		input   bool
		omitted string
	}{
		{name: "allowed", entry: Entry{Outcome: Allow, doc: &input.Document{Kind: input.KindMutate}}, input: true},
		{name: "denied", entry: Entry{Outcome: Deny, doc: &input.Document{Kind: input.KindMutate}}, input: true},
		{name: "of an unknown kind", entry: Entry{Outcome: Deny, doc: &input.Document{}}, input: true},
		{name: "not decided", entry: Entry{Outcome: Refuse, doc: &input.Document{}}},
		{name: "without a document", entry: Entry{Outcome: Deny}},
		{name: "plain read", entry: Entry{Outcome: Allow, doc: &input.Document{Kind: input.KindRead}}},
		{name: "denied read", entry: Entry{Outcome: Deny, Violations: found, doc: &input.Document{Kind: input.KindRead}}, input: true},
		{name: "read with a dry run", entry: Entry{Outcome: Allow, Dryrun: found, doc: &input.Document{Kind: input.KindRead}}, input: true},
		{name: "large request", entry: Entry{Outcome: Allow}, body: maxRequest, omitted: "the request has 262151 bytes"},
		{name: "large document", entry: Entry{Outcome: Allow, doc: &input.Document{Object: strings.Repeat("x", maxInput)}}, omitted: "it has 6"},
		{name: "what cannot be encoded", entry: Entry{Outcome: Allow, doc: &input.Document{Body: func() {}}},
			omitted: "encoding it failed: json: unsupported type: func()"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if test.body > 0 {
				doc := input.FromRequest(input.Request{Method: "POST", URI: "/commit", Body: make([]byte, test.body)})
				test.entry.doc = &doc
			}
			w := test.entry.waiting(encode(test.entry.clean()))
			line := w.appendTo(nil)
			var got Entry
			if err := json.Unmarshal(line, &got); err != nil {
				t.Fatalf("%v: %s", err, line)
			}
			if (len(got.Input) > 0) != test.input || !strings.HasPrefix(got.InputOmitted, test.omitted) || test.omitted == "" && got.InputOmitted != "" {
				t.Errorf("input of %d bytes, omitted %q", len(got.Input), got.InputOmitted)
			}
			if !strings.HasSuffix(string(line), "}\n") || strings.Count(string(line), "\n") != 1 {
				t.Errorf("not one line: %q", line)
			}
		})
	}
}

// panicking is a value that cannot be encoded without a panic.
type panicking struct{}

func (panicking) MarshalJSON() ([]byte, error) { panic("boo") }

func TestAFaultCostsTheDocumentAlone(t *testing.T) {
	w := Entry{Outcome: Allow, doc: &input.Document{Body: panicking{}}}.waiting([]byte("{\"a\":1}\n"))
	if diff := cmp.Diff(`{"a":1,"input_omitted":"encoding it failed: boo"}`+"\n", string(w.appendTo(nil))); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// TestDocumentsThatWaitAreBounded fills a queue whose writer stands still.
func TestDocumentsThatWaitAreBounded(t *testing.T) {
	var written []string
	started, goOn := make(chan struct{}, 1), make(chan struct{})
	q := newQueue(writerFunc(func(batch []byte) error {
		select {
		case started <- struct{}{}:
		default:
		}
		<-goOn
		written = append(written, strings.SplitAfter(strings.TrimSuffix(string(batch), "\n"), "\n")...)
		return nil
	}), func(error) {})
	doc := input.FromRequest(input.Request{Method: "POST", URI: "/commit", Body: []byte(`{"Cmd":["` + strings.Repeat("x", maxInput) + `"]}`)})
	entry := Entry{Outcome: Allow, doc: &doc}
	q.add(entry.waiting([]byte("{\"a\":1}\n")))
	<-started
	for range queueLines {
		q.add(entry.waiting([]byte("{\"a\":1}\n")))
	}
	if held := q.held.Load(); held > maxHeld || held < maxHeld-2*maxInput {
		t.Errorf("%d bytes are held", held)
	}
	close(goOn)
	q.close()
	left := 0
	for _, line := range written {
		if strings.TrimSuffix(line, "\n") == `{"a":1,"input_omitted":"too many decisions were waiting to be written"}` {
			left++
		}
	}
	if len(written) != queueLines+1 || left == 0 || left == len(written) {
		t.Errorf("%d lines, %d of them without a document", len(written), left)
	}
	if held := q.held.Load(); held != 0 {
		t.Errorf("%d bytes are held in the end", held)
	}
}

// BenchmarkAddDocument is what a decision pays for its document.
func BenchmarkAddDocument(b *testing.B) {
	q := newQueue(writerFunc(func([]byte) error { return nil }), func(error) {})
	defer q.close()
	e := denied()
	line := encode(e.clean())
	for b.Loop() {
		q.add(e.waiting(line))
	}
}

func BenchmarkEncodeDocument(b *testing.B) {
	doc := input.FromRequest(input.Request{Method: "POST", URI: "/v1.41/containers/create?name=web",
		Body: []byte(`{"Image":"busybox","User":"1000","Env":["A=b"],"Cmd":["sh"],"HostConfig":{"Binds":["/srv:/srv:ro"]}}`)})
	w := Entry{Outcome: Allow, doc: &doc}.waiting([]byte("{\"a\":1}\n"))
	for b.Loop() {
		w.appendTo(nil)
	}
}

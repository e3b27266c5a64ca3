package decisions

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func decision(id string) string {
	return fmt.Sprintf(`{"msg":"decision","decision_id":%q}`+"\n", id)
}

// ids are those of the decisions of some logs, with their places.
func ids(t *testing.T, logs ...Log) ([]string, error) {
	t.Helper()
	var all []string
	for entry, err := range Read(logs...) {
		if err != nil {
			return all, err
		}
		all = append(all, entry.Place+" "+entry.DecisionID)
	}
	return all, nil
}

func write(t *testing.T, name, text string) string {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func zipped(t *testing.T, text string) string {
	t.Helper()
	var buf bytes.Buffer
	zip := gzip.NewWriter(&buf)
	if _, err := zip.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := zip.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.String()
}

func TestReadGivesTheDecisionsOfEachLogInOrder(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "old.jsonl.gz", zipped(t, decision("A")+decision("B")))
	write(t, "new.jsonl", `{"level":"info","msg":"listening"}`+"\n"+"not JSON\n\n[1]\n{\"msg\":1}\n"+decision("C")+`{"msg":"decision","decision_id":"D`)
	write(t, "empty.jsonl", "")
	got, err := ids(t, Logs([]string{"old.jsonl.gz", "empty.jsonl", "new.jsonl", "-"}, strings.NewReader(decision("E")))...)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"old.jsonl.gz:1 A", "old.jsonl.gz:2 B", "new.jsonl:6 C", "standard input:1 E"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestReadEndsAtTheFirstReader(t *testing.T) {
	name := write(t, filepath.Join(t.TempDir(), "log"), decision("A")+decision("B"))
	for entry, err := range Read(Log{Name: name}, Log{Name: "does not exist"}) {
		if err != nil || entry.DecisionID != "A" {
			t.Fatal(entry.DecisionID, err)
		}
		break
	}
}

func TestReadNamesThePlaceOfAFault(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "wrong", decision("A")+`{"msg":"decision","allow":"yes"}`+"\n")
	write(t, "long", decision("A")+strings.Repeat("x", longestLine+1))
	write(t, "cut.gz", zipped(t, decision("A"))[:20])
	write(t, "odd.gz", "\x1f\x8bx")
	for name, want := range map[string]string{
		"wrong":  "wrong:2: reading a decision: json: cannot unmarshal string into Go struct field Entry.allow of type bool",
		"long":   "long:2: reading the decision log: the line is longer than 1048576 bytes, so this is no decision log",
		"cut.gz": "cut.gz:2: reading the decision log: unexpected EOF",
		"odd.gz": "reading the decision log: odd.gz: unexpected EOF",
		"none":   "reading the decision log: open none: no such file or directory",
	} {
		if _, err := ids(t, Log{Name: name}); err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", name, err, want)
		}
	}
}

func TestDocument(t *testing.T) {
	for text, want := range map[string]string{
		`{"msg":"decision"}`: "standard input:1: the request is not in the log",
		`{"msg":"decision","input_omitted":"it is large"}`:    "standard input:1: the request is not in the log: it is large",
		`{"msg":"decision","input":{"operation":1}}`:          "standard input:1: reading the request: json: cannot unmarshal number into Go struct field Document.operation of type string",
		`{"msg":"decision","input":{"operation":"ImageTag"}}`: "",
	} {
		for entry, err := range Read(Logs([]string{"-"}, strings.NewReader(text))...) {
			if err != nil {
				t.Fatal(err)
			}
			doc, err := entry.Document()
			switch {
			case err != nil && err.Error() != want:
				t.Errorf("%s: %v, want %s", text, err, want)
			case err == nil && doc.Operation != "ImageTag":
				t.Errorf("%s: %+v", text, doc)
			}
		}
	}
}

func TestLargeNumbersStayWhatTheyAre(t *testing.T) {
	text := `{"msg":"decision","input":{"body":{"Memory":9007199254740993}}}`
	for entry, err := range Read(Logs([]string{"-"}, strings.NewReader(text))...) {
		if err != nil {
			t.Fatal(err)
		}
		doc, err := entry.Document()
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(doc.Body); got != "map[Memory:9007199254740993]" {
			t.Error(got)
		}
	}
}

func TestPrintable(t *testing.T) {
	for text, want := range map[string]string{
		"plain é":                "plain é",
		"a\x1b[2J\r\nb":          `a\u001b[2J\u000d\u000ab`,
		"\u202e\u0085\U000e0001": `\u202e\u0085\udb40\udc01`,
		"\xff":                   "\ufffd",
	} {
		if got := Printable(text); got != want {
			t.Errorf("Printable(%q) = %q, want %q", text, got, want)
		}
	}
}

// TestFollow appends to a log, a line in two parts, rotates it and empties it,
// each when what was written before has arrived.
func TestFollow(t *testing.T) {
	name := filepath.Join(t.TempDir(), "decisions.jsonl")
	appendTo := func(text string) {
		file, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		if _, err := file.WriteString(text); err != nil {
			t.Fatal(err)
		}
	}
	steps := []func(){
		func() { appendTo(decision("B")[:10]); appendTo(decision("B")[10:]) },
		func() {
			appendTo(decision("C"))
			if err := os.Rename(name, name+".1"); err != nil {
				t.Fatal(err)
			}
			appendTo(strings.Repeat(" ", 100) + "\n" + decision("D"))
		},
		func() {},
		func() { write(t, name, ""); appendTo("{}\n" + decision("E")) },
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go func() { _ = os.WriteFile(name, []byte(decision("A")), 0o600) }() // the log does not exist at first
	var got []string
	for entry, err := range Follow(ctx, name) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, entry.DecisionID)
		if len(steps) == 0 {
			cancel()
			continue
		}
		steps[0]()
		steps = steps[1:]
	}
	if diff := cmp.Diff([]string{"A", "B", "C", "D", "E"}, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestFollowReportsWhatCannotBeRead(t *testing.T) {
	for _, err := range Follow(t.Context(), t.TempDir()) {
		if err == nil || !strings.HasPrefix(err.Error(), "following the decision log: read ") {
			t.Error(err)
		}
	}
}

package decisionlog

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/sirupsen/logrus"

	"github.com/bulwark-authz/bulwark/plugin/input"
)

// lines collects what is written, for reading while the log is open.
type lines struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

func denied() Entry {
	e := About(&input.Document{
		Operation:  "ContainerCreate",
		Method:     "POST",
		Path:       "/containers/create",
		APIVersion: "1.41",
		Query:      map[string][]string{"platform": {"linux"}, "name": {"s3cret"}},
		User:       input.User{Name: "alice", Method: "TLS"},
	})
	e.Time = time.Date(2026, 11, 23, 20, 0, 0, 5000, time.UTC)
	e.DecisionID, e.Outcome = "06EXAMPLE0000000", Deny
	e.Violations = []Finding{{Rule: "privileged", Field: "HostConfig.Privileged", Msg: "no <b>\nnew line"}}
	e.DurationMicros = 120
	return e
}

const deniedLine = `{"time":"2026-11-23T20:00:00.000005Z","level":"warning","msg":"decision",` +
	`"decision_id":"06EXAMPLE0000000","outcome":"deny","allow":false,"user":"alice","user_method":"TLS",` +
	`"operation":"ContainerCreate","method":"POST","path":"/containers/create","object":"","api_version":"1.41",` +
	`"query_names":["name","platform"],` +
	`"violations":[{"rule":"privileged","field":"HostConfig.Privileged","msg":"no <b> new line"}],` +
	`"dryrun":[],"duration_us":120}` + "\n"

// deniedInput begins what the file's line has beside that.
const deniedInput = `,"input":{"operation":"ContainerCreate",`

func TestRecordWritesOneLineToStreamAndFile(t *testing.T) {
	var stream lines
	path := filepath.Join(t.TempDir(), "log", "decisions.jsonl")
	log := Open(&stream, logrus.InfoLevel, path)
	log.Record(denied())
	log.Close()

	if diff := cmp.Diff(deniedLine, stream.String()); diff != "" {
		t.Errorf("stream (-want +got):\n%s", diff)
	}
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	line, document, _ := strings.Cut(string(file), deniedInput)
	if diff := cmp.Diff(deniedLine, line+"}\n"); diff != "" || !strings.HasSuffix(document, "}}\n") {
		t.Errorf("file (-want +got):\n%s", diff)
	}
}

func TestLevelLeavesAllowedRequestsOutOfTheStreamOnly(t *testing.T) {
	var stream lines
	path := filepath.Join(t.TempDir(), "decisions.jsonl")
	log := Open(&stream, logrus.WarnLevel, path)
	for _, outcome := range []Outcome{Allow, Deny, Refuse} {
		log.Record(Entry{Outcome: outcome})
	}
	log.Close()

	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got := outcomes(t, stream.String()); !cmp.Equal(got, []Outcome{Deny, Refuse}) {
		t.Errorf("stream has %v", got)
	}
	if got := outcomes(t, string(file)); !cmp.Equal(got, []Outcome{Allow, Deny, Refuse}) {
		t.Errorf("file has %v", got)
	}
}

func outcomes(t *testing.T, text string) []Outcome {
	t.Helper()
	var all []Outcome
	for line := range strings.Lines(text) {
		var e Entry
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatalf("line %q: %v", line, err)
		}
		all = append(all, e.Outcome)
	}
	return all
}

func TestMessagesShareTheStream(t *testing.T) {
	var stream lines
	log := Open(&stream, logrus.InfoLevel, "")
	log.Logger().WithField("socket", "/run/b.sock").Info("listening")
	log.Close()

	var message map[string]string
	if err := json.Unmarshal([]byte(stream.String()), &message); err != nil {
		t.Fatal(err)
	}
	delete(message, "time")
	want := map[string]string{"level": "info", "msg": "listening", "socket": "/run/b.sock"}
	if diff := cmp.Diff(want, message); diff != "" {
		t.Errorf("message (-want +got):\n%s", diff)
	}
}

func TestFileThatCannotBeWrittenIsReportedOnce(t *testing.T) {
	var stream lines
	parent := filepath.Join(t.TempDir(), "no-directory")
	if err := os.WriteFile(parent, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	log := Open(&stream, logrus.InfoLevel, filepath.Join(parent, "decisions.jsonl"))
	for range 3 {
		log.Record(denied())
	}
	log.Close()

	got := stream.String()
	if n := strings.Count(got, `"outcome":"deny"`); n != 3 {
		t.Errorf("%d decisions on the stream, want 3:\n%s", n, got)
	}
	if n := strings.Count(got, "the decision log file cannot be written; decisions are still written here"); n != 1 {
		t.Errorf("reported %d times, want once:\n%s", n, got)
	}
}

func TestStalledReaderNeverHoldsUpADecision(t *testing.T) {
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer writer.Close()
	log := Open(writer, logrus.InfoLevel, "")

	const records = 4 * queueLines
	start := time.Now()
	for range records {
		log.Record(denied())
	}
	if took := time.Since(start); took > 5*time.Second {
		t.Fatalf("%d decisions took %v with a stalled reader", records, took)
	}

	// Once the reader goes on, the log says what it lost.
	var read bytes.Buffer
	done := make(chan struct{})
	go func() {
		defer close(done)
		_, _ = read.ReadFrom(reader)
	}()
	log.Close()
	_ = writer.Close()
	<-done
	written := strings.Count(read.String(), `"outcome":"deny"`)
	all := 0 // what is said to be lost, perhaps in several lines
	for line := range strings.Lines(read.String()) {
		if !strings.Contains(line, "log lines were lost because they were read too slowly") {
			continue
		}
		var lost struct{ Lost int }
		if err := json.Unmarshal([]byte(line), &lost); err != nil {
			t.Fatal(err)
		}
		all += lost.Lost
	}
	if written+all != records || all == 0 {
		t.Errorf("%d written and %d lost of %d", written, all, records)
	}
}

func TestQueueReportsEachSpellOfFailure(t *testing.T) {
	var reports int
	fail := []bool{true, true, false, true}
	writer := writerFunc(func([]byte) error {
		failing := fail[0]
		fail = fail[1:]
		if failing {
			return errors.New("disk full")
		}
		return nil
	})
	q := new(queue)
	for range 4 {
		q.write(writer, func(error) { reports++ }, []byte("x\nx\n"), 2)
	}
	if reports != 2 {
		t.Errorf("%d reports, want 2", reports)
	}
	if missing := q.missing.Load(); missing != 6 {
		t.Errorf("%d lines are missing, want 6", missing)
	}
}

// TestQueueBeginsALineAfterATornOne fills the disk in the middle of a line.
func TestQueueBeginsALineAfterATornOne(t *testing.T) {
	var written []byte
	room := len("a\nb")
	disk := shortWriter(func(p []byte) int {
		n := min(room, len(p))
		written, room = append(written, p[:n]...), room-n
		return n
	})
	q := new(queue)
	q.write(disk, func(error) {}, []byte("a\nbbb\nc\n"), 3)
	room = 100
	q.write(disk, func(error) {}, []byte("d\n"), 1)
	if got, want := string(written), "a\nb\nd\n"; got != want {
		t.Errorf("written %q, want %q", got, want)
	}
	if missing := q.missing.Load(); missing != 2 {
		t.Errorf("%d lines are missing, want 2", missing)
	}
}

// shortWriter says how much of a write it has taken.
type shortWriter func([]byte) int

func (f shortWriter) Write(p []byte) (int, error) {
	n := f(p)
	if n < len(p) {
		return n, errors.New("disk full")
	}
	return n, nil
}

// TestQueueWritesWholeLines writes more than one batch and wants every line
// once, none of them over two writes.
func TestQueueWritesWholeLines(t *testing.T) {
	var written []string
	q := newQueue(writerFunc(func(batch []byte) error {
		if len(batch) > 2*maxBatch || !bytes.HasSuffix(batch, []byte("\n")) {
			t.Errorf("a write of %d bytes ends in %q", len(batch), batch[len(batch)-1])
		}
		written = append(written, strings.SplitAfter(strings.TrimSuffix(string(batch), "\n"), "\n")...)
		return nil
	}), func(error) {})
	const lines = queueLines / 2
	for i := range lines {
		_, _ = fmt.Fprintf(q, "%d %s\n", i, strings.Repeat("x", 100))
	}
	q.close()
	q.close() // closing twice is harmless
	if len(written) != lines {
		t.Fatalf("%d lines, want %d", len(written), lines)
	}
	for i, line := range written {
		if !strings.HasPrefix(line, fmt.Sprintf("%d ", i)) {
			t.Fatalf("line %d is %q", i, line)
		}
	}
}

type writerFunc func([]byte) error

func (f writerFunc) Write(p []byte) (int, error) {
	if err := f(p); err != nil {
		return 0, err
	}
	return len(p), nil
}

func BenchmarkRecord(b *testing.B) {
	log := Open(writerFunc(func([]byte) error { return nil }), logrus.InfoLevel, "")
	defer log.Close()
	e := denied()
	for b.Loop() {
		log.Record(e)
	}
}

package decisionlog

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/sirupsen/logrus"
)

func TestHealth(t *testing.T) {
	dir := t.TempDir()
	blocked := filepath.Join(dir, "file")
	if err := os.WriteFile(blocked, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"":                                 "0 0 <nil>",
		filepath.Join(dir, "decisions"):    "0 0 <nil>",
		filepath.Join(blocked, "decision"): "0 2 error getting log file info: stat " + blocked + "/decision: not a directory",
	} {
		log := Open(io.Discard, logrus.InfoLevel, path)
		log.Record(denied())
		log.Record(denied())
		log.Close()
		h := log.Health()
		if got := fmt.Sprint(h.StreamLost, h.FileLost, " ", h.FileError); got != want {
			t.Errorf("%s: got %s, want %s", path, got, want)
		}
	}
}

// TestHealthCountsWhatTheQueueCannotTake holds the reader up.
func TestHealthCountsWhatTheQueueCannotTake(t *testing.T) {
	goOn := make(chan struct{})
	log := Open(writerFunc(func([]byte) error { <-goOn; return errors.New("gone") }), logrus.InfoLevel, "")
	for range 2 * queueLines {
		log.Record(denied())
	}
	lost := log.Health().StreamLost
	if lost < queueLines/2 || lost > queueLines { // what is being written has left the queue
		t.Errorf("%d lines lost, want those that the queue cannot take", lost)
	}
	close(goOn)
	log.Close()
	if lost := log.Health().StreamLost; lost < 2*queueLines {
		t.Errorf("%d lines lost in the end, want all %d", lost, 2*queueLines)
	}
}
